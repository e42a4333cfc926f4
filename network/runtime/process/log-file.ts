import { copyFile, mkdir, open, rename, stat, truncate } from 'node:fs/promises';
import { openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StringDecoder } from 'node:string_decoder';

/** Bytes after which a log is moved aside, and how many of the older files are kept. */
const rotateAtBytes = 10 * 1024 * 1024;
const keptFiles = 2;
const chunkBytes = 64 * 1024;
const followIntervalMs = 200;

/**
 * The log of one node. The node itself writes it, appending: so it goes on writing when its supervisor dies. That is
 * why rotation copies and truncates instead of renaming; lines written between the two are lost.
 */
export class LogFile {
  constructor(readonly file: string) {}

  /** Descriptor for a child's standard output and error; the caller closes it. */
  async openForAppend(): Promise<number> {
    await mkdir(path.dirname(this.file), { recursive: true });
    return openSync(this.file, 'a', 0o600);
  }

  async size(): Promise<number> {
    return (await stat(this.file).catch(() => undefined))?.size ?? 0;
  }

  async rotateIfLarge(limit = rotateAtBytes): Promise<void> {
    if ((await this.size()) < limit) return;
    for (let index = keptFiles - 1; index >= 1; index--) {
      await rename(`${this.file}.${index}`, `${this.file}.${index + 1}`).catch(ignoreMissing);
    }
    await copyFile(this.file, `${this.file}.1`);
    await truncate(this.file, 0);
  }

  /** The last `count` lines, oldest first; fewer when the file has fewer after `from` (a byte offset). */
  async tail(count: number, from = 0): Promise<string[]> {
    const { lines } = await this.#tailAndEnd(count, from);
    return lines;
  }

  /** Lines from the last `tail` on, then as they are written until the signal aborts. */
  async *lines(
    options: { tail?: number; follow?: boolean; signal?: AbortSignal } = {},
  ): AsyncGenerator<string> {
    const { signal } = options;
    const { lines, end, rest } = await this.#tailAndEnd(options.tail ?? Number.POSITIVE_INFINITY, 0);
    yield* lines;
    if (!options.follow) {
      if (rest !== '') yield rest;
      return;
    }
    let position = end;
    let pending = rest;
    let decoder = new StringDecoder('utf8');
    while (!signal?.aborted) {
      const size = await this.size();
      if (size < position) {
        position = 0;
        pending = '';
        decoder = new StringDecoder('utf8');
      }
      if (size > position) {
        const bytes = await this.#read(position, Math.min(size - position, chunkBytes));
        position += bytes.length;
        const parts = (pending + decoder.write(bytes)).split('\n');
        pending = parts.pop() ?? '';
        yield* parts;
      } else {
        await delay(followIntervalMs, undefined, signal && { signal }).catch(() => undefined);
      }
    }
  }

  async #tailAndEnd(count: number, from: number): Promise<{ lines: string[]; end: number; rest: string }> {
    const end = await this.size();
    let start = end;
    let text = Buffer.alloc(0);
    let newlines = 0;
    // One more newline than lines: the last line ends with one.
    while (start > from && newlines <= count) {
      const length = Math.min(chunkBytes, start - from);
      start -= length;
      const chunk = await this.#read(start, length);
      for (const byte of chunk) if (byte === 0x0a) newlines++;
      text = Buffer.concat([chunk, text]);
    }
    const parts = text.toString('utf8').split('\n');
    const rest = parts.pop() ?? '';
    return {
      lines: count === Number.POSITIVE_INFINITY ? parts : parts.slice(Math.max(0, parts.length - count)),
      end,
      rest,
    };
  }

  async #read(position: number, length: number): Promise<Buffer> {
    const handle = await open(this.file, 'r').catch(() => undefined);
    if (!handle) return Buffer.alloc(0);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
