import type { Deadline } from '@grpc/grpc-js';

/** The parts of a gRPC server call that say how long its client waits for it. */
interface EndableCall {
  readonly cancelled: boolean;
  getDeadline(): Deadline;
  on(event: 'cancelled', listener: () => void): unknown;
  off(event: 'cancelled', listener: () => void): unknown;
}

/**
 * A signal that aborts when the client cancels, goes away or its deadline passes: work for a client that no
 * longer listens must end.
 */
export function signalOf(call: EndableCall): AbortSignal {
  const controller = new AbortController();
  if (call.cancelled) controller.abort();
  call.on('cancelled', () => controller.abort());
  return controller.signal;
}

/** Does the work of a call, under a signal as of signalOf. */
export async function whileWanted<T>(
  call: EndableCall,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (call.cancelled) abort();
  call.on('cancelled', abort);
  try {
    return await work(controller.signal);
  } finally {
    // The end of an answered call is told in the same way, and aborting costs as much as a signature.
    call.off('cancelled', abort);
  }
}

/** Resolves with the work, or rejects with `onAbort()` as soon as the signal aborts. */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  onAbort: () => Error,
): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined);
    throw onAbort();
  }
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(onAbort());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
