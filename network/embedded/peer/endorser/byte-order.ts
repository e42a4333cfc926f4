import { compareUtf8 } from '../../../protocol/byte-order';

/** The values of a map in the byte order of its keys. */
export function valuesByKey<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => compareUtf8(a, b)).map(([, value]) => value);
}
