import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { LogMessage } from './log-frames';

/** Output and errors are stamped apart: of two messages the later one may be the first in the log, by so much. */
const OVERLAP_MS = 50;

const bookmarkSchema = z.object({
  /** Bytes of the node's log when this was written: what came after them was not accounted for. */
  size: z.int(),
  /** Stamps of the last moments, the latest one included. */
  stamps: z.array(z.string()),
});

/** How far a container's log has been collected. */
export class LogBookmark {
  #latest = '';
  #recent = new Set<string>();

  private constructor(private readonly file: string) {}

  /** @returns the bookmark, and the size the log had with it; undefined where nothing was collected yet */
  static async read(file: string): Promise<{ bookmark: LogBookmark; size: number | undefined }> {
    const bookmark = new LogBookmark(file);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return { bookmark, size: undefined };
    const { size, stamps } = bookmarkSchema.parse(JSON.parse(text));
    for (const stamp of stamps) bookmark.#add(stamp);
    return { bookmark, size };
  }

  /** Seconds with a fraction, as the engine's `since` takes them; undefined for everything there is. */
  get since(): string | undefined {
    if (this.#latest === '') return undefined;
    return ((Date.parse(this.#latest) - OVERLAP_MS) / 1000).toFixed(3);
  }

  /** Whether a message was not collected before; once asked, it was. */
  take({ stamp, isWhole }: LogMessage): boolean {
    if (this.#recent.has(stamp)) return false;
    // All parts of a line have one stamp.
    if (isWhole) this.#add(stamp);
    return true;
  }

  async save(size: number): Promise<void> {
    const from = momentsBefore(this.#latest);
    this.#recent = new Set([...this.#recent].filter((stamp) => stamp >= from));
    const partial = `${this.file}.partial`;
    await writeFile(partial, JSON.stringify({ size, stamps: [...this.#recent] }), { mode: 0o600 });
    await rename(partial, this.file);
  }

  async remove(): Promise<void> {
    await rm(this.file, { force: true });
  }

  #add(stamp: string): void {
    this.#recent.add(stamp);
    if (stamp > this.#latest) this.#latest = stamp;
  }
}

/** With as many digits as stamps have: else the whole millisecond would come after its own parts. */
function momentsBefore(stamp: string): string {
  const at = Date.parse(stamp);
  return Number.isNaN(at) ? '' : new Date(at - OVERLAP_MS).toISOString().replace('Z', '000000Z');
}
