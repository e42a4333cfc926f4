import { copyFile, mkdir, rename, truncate } from 'node:fs/promises';
import { openSync } from 'node:fs';
import path from 'node:path';
import { linesBetween, sizeOf, startOfLast } from './log-segments';

/** Bytes after which a log is moved aside, and how many of the older files are kept. */
const rotateAtBytes = 10 * 1024 * 1024;
const keptFiles = 2;

/**
 * The log of one node. The node itself writes it, appending: so it goes on writing when its supervisor dies. That is
 * why rotation copies and truncates instead of renaming; lines written between the two are lost. LogReader reads it.
 */
export class LogFile {
  constructor(readonly file: string) {}

  /** Descriptor for a child's standard output and error; the caller closes it. */
  async openForAppend(): Promise<number> {
    await mkdir(path.dirname(this.file), { recursive: true });
    return openSync(this.file, 'a', 0o600);
  }

  size(): Promise<number> {
    return sizeOf(this.file);
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
    const size = await this.size();
    const { start } = await startOfLast(this.file, count, size);
    const lines: string[] = [];
    for await (const { text } of linesBetween(this.file, Math.max(from, start), size)) lines.push(text);
    return lines;
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
