import { mkdir, open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { ofFile } from './file-errors';

const LINE_FEED = 0x0a;

/** Appends lines of JSON, all or none: where the disk is full in the middle, the file is cut back to what it was. */
export async function appendLines(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const size = await endMended(handle, file);
    try {
      await handle.appendFile(text);
    } catch (error) {
      await handle.truncate(size);
      throw ofFile(error, file);
    }
  } finally {
    await handle.close();
  }
}

/** Lets the next line begin on its own: what was cut off before it was acknowledged goes. Answers the size then. */
async function endMended(handle: FileHandle, file: string): Promise<number> {
  const { size } = await handle.stat();
  if (size === 0) return 0;
  const { buffer: last } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  if (last[0] === LINE_FEED) return size;
  const content = await readFile(file);
  const begin = content.lastIndexOf(LINE_FEED) + 1;
  if (parsedOrUndefined(content.subarray(begin).toString('utf8')) === undefined) {
    await handle.truncate(begin);
    return begin;
  }
  // Whole but for its end, as editors leave it.
  await handle.appendFile('\n');
  return size + 1;
}

export function parsedOrUndefined(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
