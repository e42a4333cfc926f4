import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

export type GenuineProgram = 'peer' | 'orderer';

/** Where the genuine programs may be: the folder FABRIC_BIN names, else the folders of PATH. */
export interface ProgramLookup {
  readonly FABRIC_BIN?: string | undefined;
  readonly PATH?: string | undefined;
}

/** Absolute path of a genuine Fabric program; undefined where there is none. */
export function findGenuineProgram(program: GenuineProgram, lookup: ProgramLookup): string | undefined {
  const folders = lookup.FABRIC_BIN
    ? [lookup.FABRIC_BIN]
    : (lookup.PATH ?? '').split(path.delimiter).filter(Boolean);
  const file = process.platform === 'win32' ? `${program}.exe` : program;
  return folders.map((folder) => path.resolve(folder, file)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
