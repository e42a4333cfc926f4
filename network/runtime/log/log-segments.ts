import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Older files of a log beside the present one, oldest first, as LogFile keeps them. */
export const segmentSuffixes = ['.2', '.1', ''] as const;

const LF = 0x0a;
const CHUNK_BYTES = 128 * 1024;
/** A first line is told from another by no more than this. */
const SIGNATURE_BYTES = 512;
/** What is kept of one line; a program that writes no line ends must not fill the memory of whoever reads. */
export const LONGEST_LINE_BYTES = 16 * 1024;

/** One file of a log. Its first line names it: rotation copies a file and so keeps its name, truncation ends it. */
export interface Segment {
  readonly file: string;
  readonly id: string;
  readonly size: number;
}

export interface RawLine {
  /** Without its end. Bytes that are no UTF-8 are U+FFFD. */
  readonly text: string;
  /** Byte offset in its segment. */
  readonly start: number;
  /** Offset after its end. */
  readonly end: number;
}

/** Undefined where there is no such file, or nothing in it. @throws what else keeps it from being read */
export async function segmentAt(file: string): Promise<Segment | undefined> {
  const handle = await openOrMissing(file);
  if (!handle) return undefined;
  try {
    const { size } = await handle.stat();
    if (size === 0) return undefined;
    return { file, id: await idOf(handle), size };
  } finally {
    await handle.close();
  }
}

/** All that is kept of a log, oldest first. A file that is being copied right now may stand there twice: once is kept. */
export async function segmentsOf(file: string): Promise<Segment[]> {
  const found: Segment[] = [];
  for (const suffix of segmentSuffixes) {
    const segment = await segmentAt(file + suffix);
    const twin = segment && found.findIndex(({ id }) => id === segment.id);
    if (twin !== undefined && twin >= 0) found.splice(twin, 1);
    if (segment) found.push(segment);
  }
  return found;
}

/** Bytes there are now; 0 for a file that is not there. */
export async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(ignoreMissing))?.size ?? 0;
}

/**
 * Lines from an offset to another. A last line without its end is given only where `unfinished` says so.
 * Split at bytes and decoded whole: no character is ever cut in two.
 */
export async function* linesBetween(
  file: string,
  from: number,
  to: number,
  { unfinished = false }: { unfinished?: boolean } = {},
): AsyncGenerator<RawLine> {
  const handle = await openOrMissing(file);
  if (!handle) return;
  try {
    const line = new OpenLine(from);
    let position = from;
    while (position < to) {
      const bytes = await readAt(handle, position, Math.min(CHUNK_BYTES, to - position));
      if (bytes.length === 0) break;
      let begin = 0;
      for (;;) {
        const lineEnd = bytes.indexOf(LF, begin);
        if (lineEnd < 0) break;
        line.add(bytes.subarray(begin, lineEnd));
        begin = lineEnd + 1;
        yield line.finish(position + begin);
      }
      line.add(bytes.subarray(begin));
      position += bytes.length;
    }
    if (unfinished && line.length > 0) yield line.finish(position);
  } finally {
    await handle.close();
  }
}

/**
 * Where the last `count` whole lines before an offset begin, and how many of them there are. What follows the last of
 * them without an end of its own comes on top.
 */
export async function startOfLast(
  file: string,
  count: number,
  before: number,
): Promise<{ start: number; lines: number }> {
  const handle = await openOrMissing(file);
  if (!handle) return { start: 0, lines: 0 };
  try {
    let position = before;
    let ends = 0;
    while (position > 0) {
      const length = Math.min(CHUNK_BYTES, position);
      position -= length;
      const bytes = await readAt(handle, position, length);
      let at = bytes.lastIndexOf(LF);
      while (at >= 0) {
        if (ends === count) return { start: position + at + 1, lines: count };
        ends += 1;
        at = at > 0 ? bytes.lastIndexOf(LF, at - 1) : -1;
      }
    }
    return { start: 0, lines: ends };
  } finally {
    await handle.close();
  }
}

/** The line under way: what came of it so far, up to the longest. */
class OpenLine {
  #parts: Buffer[] = [];
  #kept = 0;
  length = 0;

  constructor(private start: number) {}

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const room = LONGEST_LINE_BYTES - this.#kept;
    if (room > 0) this.#parts.push(bytes.subarray(0, room));
    this.#kept += Math.min(bytes.length, Math.max(0, room));
    this.length += bytes.length;
  }

  finish(end: number): RawLine {
    const cut = this.length - this.#kept;
    const text = Buffer.concat(this.#parts).toString('utf8').replace(/\r$/, '');
    const line = {
      text: cut === 0 ? text : `${text.replace(/\uFFFD$/, '')} … (${cut} more bytes)`,
      start: this.start,
      end,
    };
    this.#parts = [];
    this.#kept = 0;
    this.length = 0;
    this.start = end;
    return line;
  }
}

async function idOf(handle: FileHandle): Promise<string> {
  const head = await readAt(handle, 0, SIGNATURE_BYTES);
  const lineEnd = head.indexOf(LF);
  const first = lineEnd < 0 ? head : head.subarray(0, lineEnd + 1);
  return createHash('sha256').update(first).digest('hex').slice(0, 12);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function openOrMissing(file: string): Promise<FileHandle | undefined> {
  return open(file, 'r').catch(ignoreMissing);
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
