import { appendFile, chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Appends JSON lines, one writer at a time; a line that was cut off by a crash is passed over when read. */
export class JsonLinesFile {
  #writing: Promise<void> = Promise.resolve();

  constructor(readonly file: string) {}

  /** Each `work` begins when the one before has ended, whether it failed or not. */
  exclusively(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.catch(() => undefined).then(work);
    this.#writing = done;
    return done;
  }

  async appendLine(value: unknown): Promise<void> {
    const line = `${JSON.stringify(value)}\n`;
    try {
      await appendFile(this.file, line, { mode: 0o600 });
    } catch (error) {
      if (!isMissing(error)) throw error;
      await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
      await appendFile(this.file, line, { mode: 0o600 });
    }
  }

  size(): Promise<number> {
    return sizeOf(this.file);
  }
}

/** Bytes of a file; none where it does not exist. */
export async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
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

/** Parsed lines of a file, oldest first; none where it does not exist. `parse` answers undefined for damaged ones. */
export async function readJsonLines<T>(file: string, parse: (value: unknown) => T | undefined): Promise<T[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => parse(parsedOrUndefined(line)) ?? []);
}

function parsedOrUndefined(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** Replaces a file so that a crash leaves the old one or the new one, owner-only. */
export async function replaceFile(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.${process.pid}.partial`;
  try {
    await writeFile(partial, content, { mode: 0o600, flush: true });
    await chmod(partial, 0o600);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
