import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { processStart } from '../adapters/runtime/process-start';

/** Unix socket paths longer than this are refused by macOS and Linux (104 and 108 bytes with the final zero). */
const MAX_SOCKET_PATH = 100;

const holderSchema = z.object({ pid: z.int(), token: z.string(), startedAt: z.string().optional() });
export type LockHolder = z.infer<typeof holderSchema>;

export interface NetworkLock {
  release(): Promise<void>;
}

const lockFile = (folder: string) => path.join(folder, 'supervisor.lock');

/** Where the supervisor of the network in `folder` listens: in that folder, unless the path would be too long. */
export function socketPath(folder: string): string {
  const digest = createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\cityflow-${digest}`;
  const inside = path.join(path.resolve(folder), 'supervisor.sock');
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH
    ? inside
    : path.join(os.tmpdir(), `cityflow-${digest}.sock`);
}

export async function lockHolder(folder: string): Promise<LockHolder | undefined> {
  return holderIn((await textOf(lockFile(folder))) ?? '');
}

/** The process that runs the network now; undefined where none does, whatever one left behind. */
export async function liveHolder(folder: string): Promise<LockHolder | undefined> {
  const holder = await lockHolder(folder);
  return holder && (await isAlive(holder)) ? holder : undefined;
}

/**
 * Takes the network's lock, or answers the live process that has it. The file appears with its content, so that it is
 * never read half written. A lock whose process is gone has one successor: whoever creates the file named after it
 * may replace it, as long as it still is the lock.
 */
export async function acquireLock(folder: string): Promise<NetworkLock | LockHolder> {
  const token = randomUUID();
  const file = lockFile(folder);
  const startedAt = await processStart(process.pid);
  const mine = `${file}.${token}`;
  await writeFile(mine, JSON.stringify({ pid: process.pid, token, startedAt }), { mode: 0o600 });
  try {
    for (;;) {
      if (await linked(mine, file)) break;
      const stale = await textOf(file);
      if (stale === undefined) continue;
      const holder = holderIn(stale);
      if (holder?.token === token) break;
      if (holder && (await isAlive(holder))) return holder;
      const successor = `${file}.${createHash('sha256').update(stale).digest('hex').slice(0, 24)}`;
      if (await linked(mine, successor)) {
        if ((await textOf(file)) === stale) await rename(successor, file).catch(unlessMissing);
        else await rm(successor, { force: true });
        continue;
      }
      const rival = holderIn((await textOf(successor)) ?? '');
      if (rival && (await isAlive(rival))) return rival;
      // It ended between its two steps.
      if (rival) await rm(successor, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
  return {
    release: async () => {
      if ((await lockHolder(folder))?.token === token) await rm(file, { force: true });
    },
  };
}

/** Gives a file a second name; false when that name is taken. */
async function linked(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    unlessMissing(error);
    return undefined;
  }
}

function holderIn(text: string): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

/** After a crash or a restart of the machine the id may belong to somebody else's program: its start tells. */
async function isAlive({ pid, startedAt }: LockHolder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const found = startedAt === undefined ? undefined : await processStart(pid);
  return found === undefined || found === startedAt;
}
