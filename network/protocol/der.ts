/**
 * The small part of ASN.1 DER that Fabric needs where node:crypto has no answer: block headers, the two integers of
 * an ECDSA signature, certificate extensions and revocation lists.
 */
export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OID: 0x06,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

export class DerError extends Error {
  override readonly name = 'DerError';
}

export interface DerElement {
  readonly tag: number;
  /** The whole element: tag, length and contents. */
  readonly raw: Uint8Array;
  readonly contents: Uint8Array;
}

/** Reads the element at `offset`. Throws DerError on truncated or non-minimal lengths and multi-byte tags. */
export function readElement(bytes: Uint8Array, offset = 0): DerElement {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw new DerError('truncated element');
  if ((tag & 0x1f) === 0x1f) throw new DerError('multi-byte tags are not used by X.509');
  let length = first;
  let start = offset + 2;
  if (first === 0x80) throw new DerError('indefinite length is not DER');
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new DerError('element longer than 4 GiB');
    length = 0;
    for (let index = 0; index < count; index++) {
      const byte = bytes[start + index];
      if (byte === undefined) throw new DerError('truncated length');
      length = length * 256 + byte;
    }
    if (length < 0x80 || bytes[start] === 0) throw new DerError('length is not minimal');
    start += count;
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError('truncated contents');
  return { tag, raw: bytes.subarray(offset, end), contents: bytes.subarray(start, end) };
}

/** Reads an element that must fill `bytes` and carry `tag`. */
export function readExactly(bytes: Uint8Array, tag: number): DerElement {
  const element = readElement(bytes);
  if (element.tag !== tag) throw new DerError(`expected tag ${tag}, found ${element.tag}`);
  if (element.raw.length !== bytes.length) throw new DerError('trailing bytes');
  return element;
}

/** The elements directly inside a constructed element. */
export function readChildren(element: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (let offset = 0; offset < element.contents.length;) {
    const child = readElement(element.contents, offset);
    children.push(child);
    offset += child.raw.length;
  }
  return children;
}

/** Value of an INTEGER. Throws DerError when it is empty or not minimally encoded. */
export function readInteger(element: DerElement): bigint {
  const { contents } = element;
  if (element.tag !== Tag.INTEGER || contents.length === 0) throw new DerError('expected an integer');
  const [first, second] = contents;
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new DerError('integer is not minimal');
  }
  const value = BigInt(`0x${Buffer.from(contents).toString('hex')}`);
  return first !== undefined && first >= 0x80 ? value - (1n << BigInt(8 * contents.length)) : value;
}

/** Dotted form of an OBJECT IDENTIFIER. */
export function readOid(element: DerElement): string {
  if (element.tag !== Tag.OID) throw new DerError('expected an object identifier');
  const arcs: number[] = [];
  let value = 0;
  for (const byte of element.contents) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      if (arcs.length === 0) {
        const root = Math.min(Math.floor(value / 40), 2);
        arcs.push(root, value - root * 40);
      } else {
        arcs.push(value);
      }
      value = 0;
    }
  }
  return arcs.join('.');
}

export function encodeElement(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.of(tag), encodeLength(length), ...contents]);
}

/** DER of a non-negative integer. */
export function encodeInteger(value: bigint | number): Buffer {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const magnitude = Buffer.from(hex, 'hex');
  const signed = (magnitude[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), magnitude]) : magnitude;
  return encodeElement(Tag.INTEGER, signed);
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.of(0x80 | bytes.length, ...bytes);
}
