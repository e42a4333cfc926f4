import type { NodeStatus } from '../../electron/api/models';
import type { Tone } from '../ui/badge';
import type { IconName } from '../ui/icon';
import { LAG_BLOCKS } from './membership';

/** How a node's state is shown: always a sign and a word; the tone repeats them. */
export interface NodeLook {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: string;
}

/**
 * @param behind blocks it lacks on its worst channel
 * @param asleep the whole network is stopped, on purpose
 */
export function nodeLook(node: NodeStatus, behind = 0n, asleep = false): NodeLook {
  switch (node.state) {
    case 'starting':
      return { tone: 'accent', icon: 'clock', word: 'starting' };
    case 'stopped':
      return { tone: asleep ? 'idle' : 'danger', icon: 'stop', word: 'stopped' };
    case 'exited':
      return { tone: 'danger', icon: 'x', word: 'ended by itself' };
    case 'killed':
      return { tone: 'danger', icon: 'x', word: 'killed' };
    case 'paused':
      return { tone: 'danger', icon: 'minus', word: 'paused' };
    case 'unknown':
      return { tone: 'warn', icon: 'warn', word: 'in an unknown state' };
    case 'running':
      return runningLook(node, behind);
  }
}

function runningLook({ health }: NodeStatus, behind: bigint): NodeLook {
  switch (health.status) {
    case 'failed':
      return { tone: 'danger', icon: 'warn', word: 'does not answer' };
    case 'unknown':
      return { tone: 'idle', icon: 'clock', word: 'just started' };
    case 'degraded':
      return behind >= LAG_BLOCKS ? catchingUp : { tone: 'warn', icon: 'warn', word: 'not well' };
    case 'ok':
      return behind >= LAG_BLOCKS ? catchingUp : { tone: 'ok', icon: 'check', word: 'running' };
  }
}

const catchingUp: NodeLook = { tone: 'warn', icon: 'restart', word: 'catching up' };

/** Of a container that the topology has otherwise; the table of nodes is filtered by it. */
export const DRIFT = 'drift';

/** After a node's name: `is stopped`, `has ended by itself`. */
export const asPredicate = (word: string): string => predicates.get(word) ?? `is ${word}`;

const predicates = new Map([
  ['ended by itself', 'has ended by itself'],
  ['killed', 'was killed'],
]);

/** `:7051` of `localhost:7051`. */
export const portOf = (address: string): string => address.slice(address.lastIndexOf(':'));
