/** HTTP status of what the engine answered; undefined where it did not answer. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;

/** The engine's own words, without what its client puts around them. */
export function wordsOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'json' in error) {
    const { json } = error;
    if (typeof json === 'object' && json !== null && 'message' in json) return String(json.message);
  }
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/^\(HTTP code \d+\) [a-z ]+ - /, '').trim();
}
