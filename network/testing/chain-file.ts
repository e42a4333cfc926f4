import { open, type FileHandle } from 'node:fs/promises';
import type { BlockSource } from '../ledger-index/follow';

const LENGTH_BYTES = 4;
const READ_BYTES = 1024 * 1024;

/** Serialized blocks one after the other in a file, each behind its length (32 bits, big endian). */
export class ChainFile implements BlockSource {
  private constructor(
    private readonly file: FileHandle,
    /** Where each block begins, and the end of the last one. */
    private readonly offsets: readonly number[],
  ) {}

  static async write(name: string, blocks: Iterable<Uint8Array>): Promise<void> {
    const file = await open(name, 'w');
    try {
      let parts: Uint8Array[] = [];
      let bytes = 0;
      const flush = async (): Promise<void> => {
        await file.write(Buffer.concat(parts));
        parts = [];
        bytes = 0;
      };
      for (const block of blocks) {
        const length = Buffer.alloc(LENGTH_BYTES);
        length.writeUInt32BE(block.length);
        parts.push(length, block);
        bytes += block.length;
        if (bytes >= READ_BYTES) await flush();
      }
      await flush();
    } finally {
      await file.close();
    }
  }

  static async open(name: string): Promise<ChainFile> {
    const file = await open(name);
    const { size } = await file.stat();
    const offsets = [0];
    const length = Buffer.alloc(LENGTH_BYTES);
    for (let offset = 0; offset < size; offsets.push(offset)) {
      await file.read(length, 0, LENGTH_BYTES, offset);
      offset += LENGTH_BYTES + length.readUInt32BE();
    }
    return new ChainFile(file, offsets);
  }

  get height(): number {
    return this.offsets.length - 1;
  }

  async read(number: number): Promise<Buffer> {
    const [begin = 0, end = 0] = this.offsets.slice(number, number + 2);
    const bytes = Buffer.allocUnsafe(Math.max(0, end - begin - LENGTH_BYTES));
    await this.file.read(bytes, 0, bytes.length, begin + LENGTH_BYTES);
    return bytes;
  }

  async *blocks(from: number): AsyncGenerator<Uint8Array> {
    for (let number = from; number < this.height;) {
      const begin = this.offsets[number] ?? 0;
      let until = number + 1;
      while (until < this.height && (this.offsets[until] ?? 0) - begin < READ_BYTES) until += 1;
      const bytes = Buffer.allocUnsafe((this.offsets[until] ?? 0) - begin);
      await this.file.read(bytes, 0, bytes.length, begin);
      for (; number < until; number += 1) {
        const offset = (this.offsets[number] ?? 0) - begin;
        const length = bytes.readUInt32BE(offset);
        yield bytes.subarray(offset + LENGTH_BYTES, offset + LENGTH_BYTES + length);
      }
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
