import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { acquireFileLock, holderOf, liveHolderOf } from '../adapters/store/file-lock';
import type { FileLock, LockHolder } from '../adapters/store/file-lock';

/** Unix socket paths longer than this are refused by macOS and Linux (104 and 108 bytes with the final zero). */
const MAX_SOCKET_PATH = 100;

const lockFile = (folder: string) => path.join(folder, 'supervisor.lock');

/** What a supervisor that was started by itself writes; lies there from its first start. */
export const supervisorLog = (folder: string): string => path.join(folder, 'supervisor.log');

/** Where the supervisor of the network in `folder` listens: in that folder, unless the path would be too long. */
export function socketPath(folder: string): string {
  const digest = createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\cityflow-${digest}`;
  const inside = path.join(path.resolve(folder), 'supervisor.sock');
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH
    ? inside
    : path.join(os.tmpdir(), `cityflow-${digest}.sock`);
}

export const lockHolder = (folder: string): Promise<LockHolder | undefined> => holderOf(lockFile(folder));

/** The process that runs the network now; undefined where none does, whatever one left behind. */
export const liveHolder = (folder: string): Promise<LockHolder | undefined> => liveHolderOf(lockFile(folder));

/** Takes the network's lock, or answers the live process that has it. */
export const acquireLock = (folder: string): Promise<FileLock | LockHolder> =>
  acquireFileLock(lockFile(folder), { wire: __WIRE_DIGEST__ });
