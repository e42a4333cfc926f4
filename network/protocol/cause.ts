/**
 * Adds context in front of an error's text as Fabric's errors.WithMessage does ("context: cause"): clients and
 * operators search for these texts, so they must read as a genuine peer's.
 */
export function withMessage(cause: unknown, context: string): Error {
  return new Error(`${context}: ${messageOf(cause)}`, { cause });
}

/** The text of whatever was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
