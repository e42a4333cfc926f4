import { mkdir, access, constants, chmod } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { problem } from '../../core/problem';

/** CITYFLOW_HOME, else the platform's application data folder. */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['CITYFLOW_HOME']) return path.resolve(environment['CITYFLOW_HOME']);
  if (process.platform === 'darwin') {
    return path.join(os.homedir(), 'Library', 'Application Support', 'CityFlow');
  }
  if (process.platform === 'win32') {
    return path.join(environment['APPDATA'] ?? path.join(os.homedir(), 'AppData', 'Roaming'), 'CityFlow');
  }
  return path.join(environment['XDG_DATA_HOME'] ?? path.join(os.homedir(), '.local', 'share'), 'cityflow');
}

/** Creates the folder, owner-only, and proves it can be written. Throws HOME_UNUSABLE. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    await chmod(folder, 0o700);
  } catch (error) {
    // A full disk is no question of access, and is told as what it is.
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') throw error;
    throw problem('HOME_UNUSABLE', {
      title: `${folder} cannot be used.`,
      detail: error instanceof Error ? error.message : String(error),
      hint: 'Give yourself access to it, or set CITYFLOW_HOME to a folder you may write to.',
      cause: error,
    });
  }
}

export const networkFolder = (home: string, network: string): string => path.join(home, 'networks', network);

/** CITYFLOW_HOME of a network's folder; the folder itself where it lies somewhere else. */
export function homeOfNetwork(folder: string): string {
  const parent = path.dirname(folder);
  return path.basename(parent) === 'networks' ? path.dirname(parent) : folder;
}
