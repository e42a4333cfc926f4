import type { Version } from './types';

/** Both absent, or the same height (core/ledger/internal/version AreSame). */
export function sameVersion(one: Version | undefined, other: Version | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.block === other.block && one.tx === other.tx;
}

/**
 * Order-preserving form of a number: count of significant bytes, then those bytes, big endian
 * (common/ledger/util EncodeOrderPreservingVarUint64).
 */
export function orderedNumber(value: number): Buffer {
  const digits: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.from([digits.length, ...digits]);
}

/** Reads what `orderedNumber` wrote; returns it with the offset behind it. */
export function readOrderedNumber(buffer: Buffer, start: number): { value: number; next: number } {
  const size = buffer.readUInt8(start);
  const next = start + 1 + size;
  let value = 0;
  for (let offset = start + 1; offset < next; offset++) value = value * 256 + buffer.readUInt8(offset);
  return { value, next };
}

/** A height as Fabric stores and hashes it (version.Height.ToBytes). */
export function versionBytes(version: Version): Buffer {
  return Buffer.concat([orderedNumber(version.block), orderedNumber(version.tx)]);
}

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
