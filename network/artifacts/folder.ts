import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A file to be written, by its path inside a folder. */
export interface FolderFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Certificates may be read by those who may enter the folder; folders and keys are the owner's alone. */
const FOLDER_MODE = 0o700;
const KEY_MODE = 0o600;
const PUBLIC_MODE = 0o644;

export async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Creates a folder and its parents, owner-only. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
}

/**
 * Writes a new folder as a whole: after a crash it is there with all its files, flushed, or not at all. Files named
 * `*.key` or `priv_sk` are owner-only. `folder` must not exist, or be empty.
 */
export async function writeFolder(
  folder: string,
  files: readonly FolderFile[],
  empty: readonly string[] = [],
): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  const inside = (file: string): string => path.join(partial, file);
  const folders = new Set([...files.map((file) => path.dirname(inside(file.path))), ...empty.map(inside)]);
  for (const each of folders) await makeFolder(each);
  await Promise.all(
    files.map((file) =>
      writeFile(inside(file.path), file.content, {
        mode: isKey(file.path) ? KEY_MODE : PUBLIC_MODE,
        flush: true,
      }),
    ),
  );
  await rename(partial, folder);
}

/** Replaces one file as a whole; it holds no key. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(path.dirname(file));
  const partial = `${file}.partial`;
  await writeFile(partial, content, { mode: PUBLIC_MODE, flush: true });
  await rename(partial, file);
}

/** Takes other users' rights away from a folder that may have been created by other programs. */
export async function makePrivate(folder: string): Promise<void> {
  await chmod(folder, FOLDER_MODE);
}

function isKey(file: string): boolean {
  return file.endsWith('.key') || path.basename(file) === 'priv_sk';
}
