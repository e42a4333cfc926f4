/**
 * An append-only file of blocks, numbered from `firstNumber`. A block counts as written once it is flushed to disk;
 * blocks appended while a flush is under way share the next one.
 *
 * Each record is a 20-byte header – magic, block number, length, CRC-32 of the bytes, CRC-32 of the header so far,
 * all unsigned 32-bit big-endian – followed by the bytes. The header has its own checksum so that a damaged length in
 * the middle can't pass for a record cut off at the end.
 *
 * Beside it, `blocks.height` holds how many blocks were flushed. It is written after each flush and not flushed
 * itself: it survives the death of the process, and tells a record that was never acknowledged from one that was and
 * got lost.
 */
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { createLogger } from './logging';

const logger = createLogger('blkstorage');

const MAGIC = 0x43464231;
const HEADER_BYTES = 20;
const SCAN_CHUNK_BYTES = 256 * 1024;
const MAX_RECORD_BYTES = 1024 * 1024 * 1024;

/** The file holds something other than the blocks that were written to it. */
export class BlockFileCorruption extends Error {
  override readonly name = 'BlockFileCorruption';

  constructor(
    readonly file: string,
    /** Number of the first block that can't be trusted. */
    readonly blockNumber: number,
    /** Byte offset of that block's record. */
    readonly offset: number,
    reason: string,
  ) {
    super(
      `block file ${file} is damaged at block ${blockNumber} (byte offset ${offset}): ${reason}. ` +
        `Restore the file from a copy; blocks before ${blockNumber} are intact`,
    );
  }
}

/** A block could not be written; nothing of it counts. */
export class BlockWriteError extends Error {
  override readonly name = 'BlockWriteError';
}

export interface BlockFileOptions {
  /** Number of the first block; above 0 only for a ledger that began with a snapshot. */
  readonly firstNumber?: number;
  /**
   * Called for each intact block while opening, in order: a ledger rebuilds its own indexes here. The bytes are only
   * valid until it returns.
   */
  readonly onBlock?: (number: number, bytes: Buffer) => void | Promise<void>;
}

interface PendingAppend {
  readonly number: number;
  readonly bytes: Uint8Array;
  resolve(number: number): void;
  reject(error: Error): void;
}

interface BlockRecord {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
}

function header(number: number, bytes: Uint8Array): Buffer {
  const buffer = Buffer.alloc(HEADER_BYTES);
  buffer.writeUInt32BE(MAGIC, 0);
  buffer.writeUInt32BE(number, 4);
  buffer.writeUInt32BE(bytes.length, 8);
  buffer.writeUInt32BE(crc32(bytes), 12);
  buffer.writeUInt32BE(crc32(buffer.subarray(0, 16)), 16);
  return buffer;
}

function writeFailure(file: string, error: unknown): BlockWriteError {
  const { code, message } = error as NodeJS.ErrnoException;
  const hints: { readonly [code: string]: string } = {
    ENOSPC: 'the disk is full: free space, then try again',
    EDQUOT: 'the disk quota is used up: free space, then try again',
    EROFS: 'the file system is read-only',
    EACCES: 'the folder is not writable for this user',
  };
  return new BlockWriteError(`cannot write to ${file}: ${hints[code ?? ''] ?? message}`, { cause: error });
}

async function writeAll(handle: FileHandle, buffers: readonly Uint8Array[], position: number): Promise<void> {
  const { bytesWritten } = await handle.writev([...buffers], position);
  const total = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  if (bytesWritten === total) return;
  // A short write: the rest once more, which then names the reason.
  const rest = Buffer.concat(buffers).subarray(bytesWritten);
  for (let done = 0; done < rest.length;) {
    const written = await handle.write(rest, done, rest.length - done, position + bytesWritten + done);
    done += written.bytesWritten;
  }
}

export class BlockFile {
  private offsets: number[] = [];
  private lengths: number[] = [];
  private end = 0;
  private lastQueued = -1;
  private queue: PendingAppend[] = [];
  private flushing: Promise<void> | undefined;
  private broken: BlockWriteError | undefined;
  private closed = false;

  private constructor(
    /** Path of the file, for messages. */
    readonly file: string,
    readonly firstNumber: number,
    private readonly handle: FileHandle,
    private readonly heightHandle: FileHandle,
    /**
     * The height last acknowledged before this opening. Above `height` when acknowledged blocks are missing from the
     * end of the file: a peer fetches them again, an orderer must not write others in their place.
     */
    readonly acknowledgedHeight: number,
  ) {}

  /**
   * Opens the file in `folder`, made if absent, and checks every record. A record cut off at the end – the process
   * died while writing it – is removed with a warning.
   * @throws BlockFileCorruption for damage anywhere else
   * @throws BlockWriteError when the folder or file is not writable
   */
  static async open(folder: string, options: BlockFileOptions = {}): Promise<BlockFile> {
    const file = path.join(folder, 'blocks.dat');
    const handles: FileHandle[] = [];
    try {
      await mkdir(folder, { recursive: true });
      // 'a+' creates without emptying, but ignores positions; hence the second opening.
      for (const name of [file, path.join(folder, 'blocks.height')]) {
        await (await open(name, 'a+')).close();
        handles.push(await open(name, 'r+'));
      }
      // A new file's name must survive a power failure too.
      const directory = await open(folder, 'r');
      await directory.sync().finally(() => directory.close());
    } catch (error) {
      await Promise.all(handles.map((handle) => handle.close()));
      throw writeFailure(file, error);
    }
    const [handle, heightHandle] = handles as [FileHandle, FileHandle];
    try {
      const recorded = Buffer.alloc(8);
      const { bytesRead } = await heightHandle.read(recorded, 0, 8, 0);
      const acknowledged = bytesRead === 8 ? Number(recorded.readBigUInt64BE()) : 0;
      const blocks = new BlockFile(file, options.firstNumber ?? 0, handle, heightHandle, acknowledged);
      await blocks.scan(options.onBlock);
      return blocks;
    } catch (error) {
      await Promise.all(handles.map((each) => each.close()));
      throw error;
    }
  }

  /** Number of the next block; blocks still being flushed are not counted. */
  get height(): number {
    return this.firstNumber + this.offsets.length;
  }

  /** Size of the intact records, bytes. */
  get size(): number {
    return this.end;
  }

  /**
   * Appends the next block; resolves with its number once it is on disk. When a write fails, this block and all
   * appended after it are rejected and leave no trace.
   */
  append(bytes: Uint8Array): Promise<number> {
    if (this.closed) return Promise.reject(new BlockWriteError(`${this.file} is closed`));
    if (this.broken) return Promise.reject(this.broken);
    if (bytes.length > MAX_RECORD_BYTES) {
      return Promise.reject(new BlockWriteError(`a block of ${bytes.length} bytes is too large to store`));
    }
    return new Promise((resolve, reject) => {
      const number = ++this.lastQueued;
      this.queue.push({ number, bytes, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  /** The block's bytes; undefined when there is no such block (yet). */
  async read(number: number): Promise<Buffer | undefined> {
    const index = number - this.firstNumber;
    const offset = this.offsets[index];
    const length = this.lengths[index];
    if (offset === undefined || length === undefined) return undefined;
    const record = Buffer.allocUnsafe(HEADER_BYTES + length);
    const { bytesRead } = await this.handle.read(record, 0, record.length, offset);
    const bytes = record.subarray(HEADER_BYTES);
    if (bytesRead !== record.length || record.readUInt32BE(12) !== crc32(bytes)) {
      throw new BlockFileCorruption(this.file, number, offset, 'its bytes changed since the file was opened');
    }
    return bytes;
  }

  /** Waits for appends under way, then closes. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flushing;
    await Promise.all([this.handle.close(), this.heightHandle.close()]);
  }

  private async flush(): Promise<void> {
    // One turn of the event loop, so that appends of the same moment share a flush.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      try {
        await this.write(batch);
      } catch (error) {
        const failure = writeFailure(this.file, error);
        const lost = [...batch, ...this.queue];
        this.queue = [];
        await this.undo(failure);
        this.lastQueued = this.height - 1;
        for (const append of lost) append.reject(failure);
        continue;
      }
      for (const append of batch) append.resolve(append.number);
    }
    this.flushing = undefined;
  }

  private async write(batch: readonly PendingAppend[]): Promise<void> {
    const buffers = batch.flatMap(({ number, bytes }) => [header(number, bytes), bytes]);
    await writeAll(this.handle, buffers, this.end);
    await this.handle.datasync();
    for (const { bytes } of batch) {
      this.offsets.push(this.end);
      this.lengths.push(bytes.length);
      this.end += HEADER_BYTES + bytes.length;
    }
    await this.recordHeight();
  }

  /** The blocks are on disk already: failing here must not make them count as unwritten. */
  private async recordHeight(): Promise<void> {
    const height = Buffer.alloc(8);
    height.writeBigUInt64BE(BigInt(this.height));
    try {
      await this.heightHandle.write(height, 0, 8, 0);
    } catch (error) {
      logger.warn('cannot record the height beside the block file', { file: this.file, error });
    }
  }

  /** Removes what a failed write left behind. If that fails too, no append can be trusted any more. */
  private async undo(failure: BlockWriteError): Promise<void> {
    try {
      await this.handle.truncate(this.end);
      await this.handle.datasync();
    } catch (error) {
      this.broken = failure;
      logger.error('block file is not writable any more; restart the node once the cause is removed', {
        file: this.file,
        error,
      });
    }
  }

  private async scan(onBlock: BlockFileOptions['onBlock']): Promise<void> {
    const { size } = await this.handle.stat();
    const reader = new ChunkedReader(this.handle, size);
    while (this.end < size) {
      const record = await this.readHeader(reader, size);
      if (record === undefined) {
        await this.cutTail(size);
        break;
      }
      const whole = await reader.read(record.offset, HEADER_BYTES + record.length);
      const bytes = whole.subarray(HEADER_BYTES);
      if (crc32(bytes) !== whole.readUInt32BE(12)) {
        throw new BlockFileCorruption(this.file, record.number, record.offset, 'checksum mismatch');
      }
      this.offsets.push(record.offset);
      this.lengths.push(record.length);
      this.end = record.offset + HEADER_BYTES + record.length;
      await onBlock?.(record.number, bytes);
    }
    this.lastQueued = this.height - 1;
  }

  /** The record at `this.end`; undefined when the file ends within it. */
  private async readHeader(reader: ChunkedReader, size: number): Promise<BlockRecord | undefined> {
    const offset = this.end;
    const number = this.height;
    const corrupt = (reason: string): BlockFileCorruption =>
      new BlockFileCorruption(this.file, number, offset, reason);
    if (size - offset < HEADER_BYTES) return undefined;
    const bytes = await reader.read(offset, HEADER_BYTES);
    if (crc32(bytes.subarray(0, 16)) !== bytes.readUInt32BE(16) || bytes.readUInt32BE(0) !== MAGIC) {
      // A power failure can leave the file longer than what was written: then the rest is all zeros.
      if (await reader.isZero(offset)) return undefined;
      throw corrupt('no record begins there');
    }
    if (bytes.readUInt32BE(4) !== number) throw corrupt(`it holds block ${bytes.readUInt32BE(4)} instead`);
    const length = bytes.readUInt32BE(8);
    if (offset + HEADER_BYTES + length > size) return undefined;
    return { number, offset, length };
  }

  private async cutTail(size: number): Promise<void> {
    logger.warn('removing an incomplete block from the end of the block file', {
      file: this.file,
      block: this.height,
      offset: this.end,
      bytes: size - this.end,
    });
    try {
      await this.handle.truncate(this.end);
      await this.handle.datasync();
    } catch (error) {
      throw writeFailure(this.file, error);
    }
  }
}

/** Reads a file front to back in pieces, all into one buffer: what a node allocates at start it keeps. */
class ChunkedReader {
  private buffer = Buffer.alloc(0);
  private chunk = this.buffer;
  private start = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly size: number,
  ) {}

  /** `length` bytes at `offset`, which must lie within the file; valid until the next call. */
  async read(offset: number, length: number): Promise<Buffer> {
    if (offset < this.start || offset + length > this.start + this.chunk.length) {
      const wanted = Math.min(Math.max(length, SCAN_CHUNK_BYTES), this.size - offset);
      if (this.buffer.length < wanted) this.buffer = Buffer.allocUnsafe(wanted);
      const chunk = this.buffer.subarray(0, wanted);
      for (let done = 0; done < wanted;) {
        const { bytesRead } = await this.handle.read(chunk, done, wanted - done, offset + done);
        if (bytesRead === 0) throw new Error(`file ended at byte ${offset + done}, expected ${this.size}`);
        done += bytesRead;
      }
      this.chunk = chunk;
      this.start = offset;
    }
    return this.chunk.subarray(offset - this.start, offset - this.start + length);
  }

  async isZero(from: number): Promise<boolean> {
    for (let offset = from; offset < this.size; offset += SCAN_CHUNK_BYTES) {
      const piece = await this.read(offset, Math.min(SCAN_CHUNK_BYTES, this.size - offset));
      if (piece.some((byte) => byte !== 0)) return false;
    }
    return true;
  }
}
