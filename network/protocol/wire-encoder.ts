/**
 * Writes the few protobuf messages whose bytes are hashed or stored here. As in Go's encoder fields stand in order of
 * their numbers and zero values are left out.
 */
export class WireEncoder {
  readonly #parts: Uint8Array[] = [];

  uint64(field: number, value: number): this {
    if (value !== 0) this.#parts.push(varint(field * 8), varint(value));
    return this;
  }

  bool(field: number, value: boolean): this {
    return this.uint64(field, value ? 1 : 0);
  }

  /** Left out when empty. */
  bytes(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.message(field, value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  /** An embedded message stands there even when it is empty. */
  message(field: number, encoded: Uint8Array): this {
    this.#parts.push(varint(field * 8 + 2), varint(encoded.length), encoded);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Base-128 varint of a non-negative safe integer. */
export function varint(value: number): Buffer {
  const encoded: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    encoded.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  encoded.push(rest);
  return Buffer.from(encoded);
}

/** Reads a varint; returns it with the offset behind it. Throws RangeError past the end. */
export function readVarint(buffer: Buffer, start: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  for (let offset = start; ; offset++) {
    const byte = buffer[offset];
    if (byte === undefined) throw new RangeError('varint runs past the end');
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: offset + 1 };
    scale *= 128;
  }
}
