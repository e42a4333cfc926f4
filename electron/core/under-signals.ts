/**
 * Runs work under a signal that aborts with the first of `signals`. Nothing of it stays with them when it is over:
 * `AbortSignal.any` of a signal that lives long would keep each call, and with it its answer, for as long.
 */
export async function underSignals<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController();
  const release: (() => void)[] = [];
  for (const signal of signals) {
    if (!signal) continue;
    const abort = () => either.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    release.push(() => signal.removeEventListener('abort', abort));
  }
  try {
    return await work(either.signal);
  } finally {
    for (const one of release) one();
  }
}
