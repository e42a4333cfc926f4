import type { Stats } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import type { StoreReport } from '../../core/store-faults';
import { appendLines, parsedOrUndefined } from './append-lines';
import { isMissing } from './file-errors';
import { withFileLock } from './file-lock';
import { replaceFile } from './replace-file';
import { setAside } from './set-aside';

/** Makes a value of what a line holds; undefined where it can't be used. */
export type ParseLine<T> = (value: unknown) => T | undefined;

/** What could not be written waits in memory, the newest of it. */
const MOST_WAITING = 1_000;

/**
 * JSON, one value a line, written by one at a time: in this process and of all that use the file. A line that was cut
 * off by the end of its process is passed over when read and goes with the next that is written.
 */
export class JsonLinesFile<T> {
  #working: Promise<unknown> = Promise.resolve();
  #waiting: T[] = [];
  #problem: string | null = null;

  constructor(
    readonly file: string,
    private readonly parse: ParseLine<T>,
    private readonly report: StoreReport,
  ) {}

  /** What could not be written yet, oldest first. */
  get waiting(): readonly T[] {
    return this.#waiting;
  }

  /** Why they could not. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Each `work` begins when the one before has ended, whether it failed or not. */
  exclusively<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#working.catch(() => undefined).then(() => withFileLock(this.file, work));
    this.#working = done;
    return done;
  }

  /** As `exclusively`, where nobody waits for the outcome: a failure is reported. */
  async inTheBackground(work: () => Promise<void>): Promise<void> {
    try {
      await this.exclusively(work);
    } catch (error) {
      this.report.failed(this.file, error);
    }
  }

  /** All values, oldest first. Damage is mended with it; where that fails, it is reported and tried again. */
  async list(file = this.file): Promise<T[]> {
    const { values, damaged } = await linesOf(file, this.parse);
    if (!damaged) return values;
    try {
      const mended = await this.exclusively(() => this.mended(file));
      this.report.sound(this.file);
      return mended;
    } catch (error) {
      this.report.failed(this.file, error);
      return values;
    }
  }

  /** Within `exclusively`: all values; damaged lines are set aside before the file goes on without them. */
  async mended(file = this.file): Promise<T[]> {
    const { values, good, damaged } = await linesOf(file, this.parse);
    if (damaged) {
      await setAside(file);
      await replaceFile(file, asText(good));
    }
    return values;
  }

  /** Within `exclusively`: goes on with these values alone. */
  async replace(values: readonly T[]): Promise<void> {
    await replaceFile(this.file, textOf(values));
    this.report.sound(this.file);
  }

  /** Writes one value; where that fails, the file is what it was before. */
  async add(value: T): Promise<void> {
    await this.exclusively(() => appendLines(this.file, textOf([value])));
    this.report.sound(this.file);
  }

  /** Writes one value with those that wait; where that fails, it waits, too, and `problem` says why. Never throws. */
  async addOrWait(value: T, { before, after }: AroundWrite<T> = {}): Promise<void> {
    this.#waiting = [...this.#waiting, value].slice(-MOST_WAITING);
    try {
      await this.exclusively(async () => {
        const values = this.#waiting;
        if (values.length === 0) return;
        await before?.(Buffer.byteLength(textOf(values)));
        await appendLines(this.file, textOf(values));
        this.#waiting = this.#waiting.filter((one) => !values.includes(one));
        await after?.(values);
      });
      this.#problem = null;
      this.report.sound(this.file);
    } catch (error) {
      this.#problem = `${this.file}: ${error instanceof Error ? error.message : String(error)}`;
      this.report.failed(this.file, error);
    }
  }

  size(): Promise<number> {
    return sizeOf(this.file);
  }
}

/** Done under the same lock as the writing: before it, given how many bytes come; after it, with what was written. */
interface AroundWrite<T> {
  readonly before?: (bytes: number) => Promise<void>;
  readonly after?: (written: readonly T[]) => Promise<void>;
}

const textOf = (values: readonly unknown[]): string => asText(values.map((value) => JSON.stringify(value)));
const asText = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

interface Lines<T> {
  readonly values: T[];
  /** The lines of those values, as they stand there. */
  readonly good: string[];
  /** Whether a line can't be used; the last one may be cut off without that. */
  readonly damaged: boolean;
}

/** None where the file does not exist. */
async function linesOf<T>(file: string, parse: ParseLine<T>): Promise<Lines<T>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { values: [], good: [], damaged: false };
    throw error;
  }
  const lines = text.split('\n');
  const values: T[] = [];
  const good: string[] = [];
  let damaged = false;
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const value = parse(parsedOrUndefined(line));
    if (value !== undefined) {
      values.push(value);
      good.push(line);
    } else if (index < lines.length - 1) damaged = true;
  }
  return { values, good, damaged };
}

/** Bytes of a file; none where it does not exist. */
export const sizeOf = async (file: string): Promise<number> => (await statOf(file))?.size ?? 0;

/** Another number once the file was replaced or begun anew. */
export const inodeOf = async (file: string): Promise<number | undefined> => (await statOf(file))?.ino;

/** Another word once anything in the file changed. */
export async function versionOf(file: string): Promise<string> {
  const found = await statOf(file);
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'missing';
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Drops whole lines from the beginning until at most so many bytes are left; a file without any goes. */
export async function keepEnd(file: string, bytes: number): Promise<void> {
  const content = await readFile(file);
  // A line that begins right at the cut is whole: the line feed before it says so.
  const from = content.indexOf('\n', Math.max(0, content.length - bytes - 1));
  const end = from < 0 ? '' : content.subarray(from + 1).toString('utf8');
  if (end === '') await rm(file, { force: true });
  else await replaceFile(file, end);
}
