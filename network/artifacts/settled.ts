/**
 * Results of all promises, once every one has come to its end: when one fails, nothing goes on writing behind the
 * caller's back. Throws the first failure in the order given.
 */
export async function settled<T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
