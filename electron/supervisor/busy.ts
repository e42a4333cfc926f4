import { problem } from '../core/problem';
import type { ProblemError } from '../core/problem';
import type { CoreLocation } from './local-core';

/** Another process owns the network and does not answer on its socket (yet, or any more). */
export const networkBusy = (location: CoreLocation, pid: number): ProblemError =>
  problem('NETWORK_BUSY', {
    title: `The network ${location.network} is run by another process.`,
    detail: `Process ${pid} holds ${location.folder} and does not answer.`,
    hint: 'Wait a moment and run the command again. If it hangs, end that process: the nodes it started stop by themselves.',
    retryable: true,
  });
