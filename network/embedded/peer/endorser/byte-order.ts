/**
 * Orders strings by their UTF-8 bytes, as Go compares strings and LevelDB keys. UTF-16 order differs from it for
 * characters beyond the basic plane, which composite keys contain (U+10FFFF).
 */
export function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** The values of a map in the byte order of its keys. */
export function valuesByKey<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => compareUtf8(a, b)).map(([, value]) => value);
}
