import { WireError } from '../wire';

/** A field as it stands on the wire: a number, or bytes whose meaning the schema knows. */
export type RawValue = bigint | Uint8Array;

/** Fields of one message by number, in order; knows which were there, unlike the decoded message. */
export type RawFields = ReadonlyMap<number, readonly RawValue[]>;

/** Splits a message into its fields. Throws WireError when the bytes are no protobuf message. */
export function readFields(bytes: Uint8Array): RawFields {
  const fields = new Map<number, RawValue[]>();
  const reader = new Reader(bytes);
  while (!reader.atEnd) {
    const key = reader.varint();
    const number = Number(key >> 3n);
    const value = reader.value(Number(key & 7n));
    if (number === 0) throw new WireError('proto: illegal tag 0');
    const known = fields.get(number);
    if (known === undefined) fields.set(number, [value]);
    else known.push(value);
  }
  return fields;
}

class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#offset++];
      if (byte === undefined) throw new WireError('proto: unexpected end');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('proto: varint longer than 10 bytes');
  }

  value(wireType: number): RawValue {
    switch (wireType) {
      case 0:
        return this.varint();
      case 1:
        return this.#fixed(8);
      case 2:
        return this.#take(Number(this.varint()));
      case 5:
        return this.#fixed(4);
      default:
        throw new WireError(`proto: wire type ${wireType} is not used by Fabric`);
    }
  }

  #fixed(length: number): bigint {
    const bytes = this.#take(length);
    return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  #take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new WireError('proto: unexpected end');
    const bytes = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return bytes;
  }
}
