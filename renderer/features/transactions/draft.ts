import { useSyncExternalStore } from 'react';
import { z } from 'zod';

/** A call as it is being written: what was entered stays until something else is, whatever is looked at meanwhile. */
export interface Draft {
  /** Typed where the contract does not describe the function; undefined: nothing was typed yet. */
  readonly functionName: string | undefined;
  /** As they will be sent. */
  readonly args: readonly string[];
  /** The arguments as they were typed as JSON; while it can't be understood, they are what it last said. */
  readonly json?: string;
  /** Secrets: they live in this window only and are never stored. */
  readonly transient: readonly { readonly name: string; readonly value: string }[];
  /** MSP ids; null: whatever the policy needs. */
  readonly endorsers: readonly string[] | null;
  /** It was tried: everything that is wrong is said, not only what was typed. */
  readonly tried?: boolean;
}

const EMPTY: Draft = { functionName: undefined, args: [], transient: [], endorsers: null };
const KEY = 'cityflow.drafts';
/** What survives a reload of the page. */
const storedSchema = z.record(
  z.string(),
  z.object({
    functionName: z.string().optional(),
    args: z.array(z.string()),
    endorsers: z.array(z.string()).nullable(),
  }),
);

const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();
let loaded = false;

function load(): void {
  if (loaded) return;
  loaded = true;
  try {
    const stored = storedSchema.safeParse(JSON.parse(sessionStorage.getItem(KEY) ?? '{}'));
    for (const [key, draft] of Object.entries(stored.data ?? {})) {
      drafts.set(key, { ...draft, functionName: draft.functionName, transient: [] });
    }
  } catch {
    // Storage may be forbidden, or hold what another version wrote: drafts then begin empty.
  }
}

function store(): void {
  try {
    const kept = [...drafts].map(([key, { functionName, args, endorsers }]) => [
      key,
      { functionName, args, endorsers },
    ]);
    sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // They last as long as the window.
  }
}

/** Under this key stands the call of one function; `call` undefined: one whose name is typed. */
export const draftKey = (contract: string, call: string | undefined): string => `${contract} ${call ?? ''}`;

export function changeDraft(key: string, change: Partial<Draft>): void {
  load();
  const { json, ...before } = drafts.get(key) ?? EMPTY;
  // What was typed as JSON goes as soon as the arguments are changed elsewhere.
  const kept = change.args === undefined && json !== undefined ? { json } : {};
  drafts.set(key, { ...before, ...kept, ...change });
  store();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDraft(key: string): Draft {
  return useSyncExternalStore(subscribe, () => {
    load();
    return drafts.get(key) ?? EMPTY;
  });
}

/** As when the page was opened, for tests. */
export function forgetDrafts(): void {
  drafts.clear();
  loaded = false;
}
