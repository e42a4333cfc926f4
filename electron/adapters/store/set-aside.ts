import { chmod, constants, copyFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SetAsideFile, StoreName } from '../../core/store-faults';
import { isTaken } from './file-errors';

/** Keeps a damaged file as it is beside the one that goes on; never over an earlier one. Answers the copy's name. */
export async function setAside(file: string): Promise<string> {
  const at = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  for (let number = 1; ; number++) {
    const copy = `${file}.damaged-${at}${number === 1 ? '' : `-${number}`}`;
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL);
      await chmod(copy, 0o600);
      return copy;
    } catch (error) {
      if (isTaken(error)) continue;
      await rm(copy, { force: true });
      throw error;
    }
  }
}

/** Those that lie beside files of a store, whichever console set them aside. */
export async function setAsideBeside(store: StoreName, files: readonly string[]): Promise<SetAsideFile[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const folder = path.dirname(file);
      const base = path.basename(file);
      const names = (await namesIn(folder)).filter(
        (name) => name.startsWith(base) && /^(\.\d)?\.damaged-/.test(name.slice(base.length)),
      );
      return Promise.all(
        names.map(async (name): Promise<SetAsideFile[]> => {
          const copy = path.join(folder, name);
          const since = await timeOf(copy);
          return since === undefined
            ? []
            : [{ store, file: copy.replace(/\.damaged-[^.]*$/, ''), copy, since }];
        }),
      );
    }),
  );
  return found.flat(2);
}

/** A folder that can't be read is told of by the store whose it is. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Undefined where it has gone. */
const timeOf = (file: string): Promise<string | undefined> =>
  stat(file).then(
    ({ ctime }) => ctime.toISOString(),
    () => undefined,
  );
