import { useSyncExternalStore } from 'react';
import type { ReplyOf } from '../../../electron/api/operations';
import type { Problem } from '../../../electron/api/problems';
import type { ContractCallRequest } from './contract-call';

/** What was run last in this window, held in memory only: its transient values are secrets. It goes on, and its answer stays, whatever is looked at meanwhile. */
export type Run =
  | {
      readonly kind: 'evaluate';
      readonly state: 'asking';
      readonly call: ContractCallRequest;
      readonly cancel: () => void;
    }
  | {
      readonly kind: 'evaluate';
      readonly state: 'answered';
      readonly call: ContractCallRequest;
      readonly answer: ReplyOf<'transaction.evaluate'>;
    }
  | {
      readonly kind: 'evaluate' | 'submit';
      readonly state: 'failed';
      readonly call: ContractCallRequest;
      readonly problem: Problem;
    }
  | { readonly kind: 'submit'; readonly state: 'starting'; readonly call: ContractCallRequest }
  /** From here on the task tells. */
  | {
      readonly kind: 'submit';
      readonly state: 'started';
      readonly call: ContractCallRequest;
      readonly task: string;
    }
  /**
   * The connection went while it was handed in: it may have started. `known`: the tasks there were before; `at`:
   * milliseconds of the wall clock.
   */
  | {
      readonly kind: 'submit';
      readonly state: 'unanswered';
      readonly call: ContractCallRequest;
      readonly problem: Problem;
      readonly known: readonly string[];
      readonly at: number;
    };

let current: Run | undefined;
const listeners = new Set<() => void>();

export function setRun(run: Run | undefined): void {
  current = run;
  for (const listener of listeners) listener();
}

/** Replaces `before` only: an answer that comes late does not take the place of a newer run. */
export function replaceRun(before: Run, run: Run): void {
  if (current === before) setRun(run);
}

export const currentRun = (): Run | undefined => current;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useRun = (): Run | undefined => useSyncExternalStore(subscribe, currentRun);
