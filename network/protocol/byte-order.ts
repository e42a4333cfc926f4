/** Compares strings by the bytes of their UTF-8 form, as Go orders keys; UTF-16 order differs above U+D7FF. */
export function compareUtf8(one: string, other: string): number {
  const shared = Math.min(one.length, other.length);
  for (let index = 0; index < shared; index++) {
    const a = one.charCodeAt(index);
    const b = other.charCodeAt(index);
    if (a === b) continue;
    const aSurrogate = a >= 0xd800 && a <= 0xdfff;
    const bSurrogate = b >= 0xd800 && b <= 0xdfff;
    // A surrogate stands for a code point above every other UTF-16 unit.
    if (aSurrogate !== bSurrogate) return aSurrogate ? 1 : -1;
    return a - b;
  }
  return one.length - other.length;
}
