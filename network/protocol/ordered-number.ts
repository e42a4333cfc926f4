import type { Version } from './version';

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
