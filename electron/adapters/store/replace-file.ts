import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ofFile } from './file-errors';

/** Replaces a file so that a crash or a full disk leaves the old one or the new one, owner-only. */
export const replaceFile = (file: string, content: string): Promise<void> => written(file, content, rename);

/** As `replaceFile`, but never over a file that is there: that throws EEXIST. */
export const createFile = (file: string, content: string | Uint8Array): Promise<void> =>
  written(file, content, link);

async function written(
  file: string,
  content: string | Uint8Array,
  put: (partial: string, file: string) => Promise<void>,
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await writeFile(partial, content, { mode: 0o600, flush: true });
    await chmod(partial, 0o600);
    await put(partial, file);
  } catch (error) {
    throw ofFile(error, file);
  } finally {
    await rm(partial, { force: true });
  }
}
