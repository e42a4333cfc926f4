/** Values of the index are written field after field, numbers as base-128 varints, text and bytes behind their length. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(512);
  #length = 0;

  /** Of a safe integer that is not negative. */
  number(value: number): this {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
    return this;
  }

  text(value: string): this {
    // In UTF-8 a UTF-16 unit takes three bytes at most.
    const most = value.length * 3;
    this.#reserve(most + 8);
    if (most < 0x80) {
      const written = this.#buffer.write(value, this.#length + 1, 'utf8');
      this.#buffer[this.#length] = written;
      this.#length += written + 1;
      return this;
    }
    this.number(Buffer.byteLength(value, 'utf8'));
    this.#length += this.#buffer.write(value, this.#length, 'utf8');
    return this;
  }

  bytes(value: Uint8Array): this {
    return this.number(value.length).raw(value);
  }

  /** Without a length in front. */
  raw(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A copy of what was written; the writer begins anew. */
  finish(): Buffer {
    const written = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return written;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + count));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** Reads what ByteWriter wrote. Throws RangeError past the end. */
export class ByteReader {
  #offset = 0;

  constructor(private readonly buffer: Buffer) {}

  get done(): boolean {
    return this.#offset >= this.buffer.length;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.buffer[this.#offset++];
      if (byte === undefined) throw new RangeError('a number runs past the end');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  /** Shares memory with what is read. */
  bytes(): Buffer {
    const length = this.number();
    const end = this.#offset + length;
    if (end > this.buffer.length) throw new RangeError('a field runs past the end');
    const slice = this.buffer.subarray(this.#offset, end);
    this.#offset = end;
    return slice;
  }
}
