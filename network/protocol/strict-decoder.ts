import { isUtf8 } from 'node:buffer';

/**
 * Decodes protobuf exactly as Go's decoder does (google.golang.org/protobuf): text that is not UTF-8 is an error, a
 * known field with a foreign wire type counts as unknown, a message given twice is merged. Two peers must agree on
 * what is malformed, or their transaction filters – and so their commit hashes – part ways.
 */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

export type Decode<T> = (bytes: Uint8Array, into?: T) => T;

interface Field<T> {
  /** Wire types it accepts: 0 varint, 2 length-delimited. */
  readonly wireType: 0 | 2;
  readonly read: (target: T, cursor: Cursor) => void;
}

/** uint64 fields, as a number: values above 2^53 lose digits, and then equal no height this ledger can have. */
export function uint64<T>(set: (target: T, value: number) => void): Field<T> {
  return { wireType: 0, read: (target, cursor) => set(target, cursor.varint()) };
}

/** int32, uint32 and enum fields: the low 32 bits, signed. */
export function int32<T>(set: (target: T, value: number) => void): Field<T> {
  return { wireType: 0, read: (target, cursor) => set(target, cursor.varint32()) };
}

export function bool<T>(set: (target: T, value: boolean) => void): Field<T> {
  return { wireType: 0, read: (target, cursor) => set(target, cursor.varint() !== 0) };
}

/** Bytes share memory with the message: copy what outlives it. */
export function bytes<T>(set: (target: T, value: Uint8Array) => void): Field<T> {
  return { wireType: 2, read: (target, cursor) => set(target, cursor.bytes()) };
}

export function string<T>(set: (target: T, value: string) => void): Field<T> {
  return { wireType: 2, read: (target, cursor) => set(target, cursor.string()) };
}

export function message<T, M>(
  decode: Decode<M>,
  get: (target: T) => M | undefined,
  set: (target: T, value: M) => void,
): Field<T> {
  return { wireType: 2, read: (target, cursor) => set(target, decode(cursor.bytes(), get(target))) };
}

export function repeated<T, M>(decode: Decode<M>, add: (target: T, value: M) => void): Field<T> {
  return { wireType: 2, read: (target, cursor) => add(target, decode(cursor.bytes())) };
}

/** A message that keeps the fields it does not know, each with its tag, as they stood on the wire. */
export interface KeepsUnknown {
  unknown?: Uint8Array[];
}

export function keepUnknown(target: KeepsUnknown, field: Uint8Array): void {
  (target.unknown ??= []).push(field);
}

/**
 * A decoder for one message type. It throws MalformedMessage where Go's would return an error.
 * @param unknown what becomes of fields that are not listed; they are dropped by default
 */
export function decoder<T>(
  create: () => T,
  fields: Readonly<Record<number, Field<T>>>,
  unknown?: (target: T, field: Uint8Array) => void,
): Decode<T> {
  return (encoded, into) => {
    const target = into ?? create();
    const cursor = new Cursor(encoded);
    while (!cursor.done) {
      const start = cursor.offset;
      const tag = cursor.varint();
      const number = Math.floor(tag / 8);
      const wireType = tag % 8;
      if (number < 1 || number > 0x1fffffff) throw new MalformedMessage(`field number ${number}`);
      const field = fields[number];
      if (field !== undefined && field.wireType === wireType) field.read(target, cursor);
      else {
        cursor.skip(number, wireType);
        unknown?.(target, cursor.since(start));
      }
    }
    return target;
  };
}

class Cursor {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(encoded: Uint8Array) {
    this.#buffer = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  /** What was read from an offset on. */
  since(start: number): Buffer {
    return this.#buffer.subarray(start, this.#offset);
  }

  get done(): boolean {
    return this.#offset >= this.#buffer.length;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 10; index++) {
      const byte = this.#byte();
      // The tenth byte holds the 64th bit alone.
      if (index === 9 && byte > 1) throw new MalformedMessage('varint overflows 64 bits');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new MalformedMessage('varint longer than ten bytes');
  }

  varint32(): number {
    let value = 0;
    for (let index = 0; index < 10; index++) {
      const byte = this.#byte();
      if (index === 9 && byte > 1) throw new MalformedMessage('varint overflows 64 bits');
      if (index < 5) value |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) return value;
    }
    throw new MalformedMessage('varint longer than ten bytes');
  }

  bytes(): Buffer {
    const length = this.varint();
    const end = this.#offset + length;
    if (end > this.#buffer.length) throw new MalformedMessage('field runs past the end of its message');
    const slice = this.#buffer.subarray(this.#offset, end);
    this.#offset = end;
    return slice;
  }

  string(): string {
    const slice = this.bytes();
    if (!isUtf8(slice)) throw new MalformedMessage('string field contains invalid UTF-8');
    return slice.toString('utf8');
  }

  skip(number: number, wireType: number): void {
    switch (wireType) {
      case 0:
        this.varint();
        return;
      case 1:
        this.#advance(8);
        return;
      case 2:
        this.bytes();
        return;
      case 3:
        this.#skipGroup(number);
        return;
      case 5:
        this.#advance(4);
        return;
      default:
        throw new MalformedMessage(`wire type ${wireType}`);
    }
  }

  #skipGroup(group: number): void {
    for (;;) {
      const tag = this.varint();
      const number = Math.floor(tag / 8);
      if (tag % 8 === 4) {
        if (number !== group) throw new MalformedMessage('mismatching end of group');
        return;
      }
      this.skip(number, tag % 8);
    }
  }

  #advance(count: number): void {
    this.#offset += count;
    if (this.#offset > this.#buffer.length)
      throw new MalformedMessage('field runs past the end of its message');
  }

  #byte(): number {
    const byte = this.#buffer[this.#offset];
    if (byte === undefined) throw new MalformedMessage('varint runs past the end of its message');
    this.#offset += 1;
    return byte;
  }
}
