/** An identity or MSP that is not accepted; the message says why, in Fabric's words where it has some. */
export class MspError extends Error {
  override readonly name = 'MspError';
}

/** Runs `action`; what it throws becomes an MspError whose message begins with `context`. */
export function mspFailure<T>(context: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new MspError(context === '' ? message : `${context}: ${message}`, { cause });
  }
}
