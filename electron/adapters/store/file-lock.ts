import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { problem } from '../../core/problem';
import { ofFile } from './file-errors';
import { processStart } from '../runtime/process-start';

/** Work under such a lock takes milliseconds: who waits longer waits for a process that hangs. */
const PATIENCE_MS = 10_000;
const POLL_MS = 5;

const holderSchema = z.object({
  pid: z.int(),
  token: z.string(),
  startedAt: z.string().optional(),
  network: z.string().optional(),
  wire: z.string().optional(),
});
export type LockHolder = z.infer<typeof holderSchema>;

/** What others may read in a lock: whose process has it, and which wire it speaks where it listens. */
export type LockNote = Pick<LockHolder, 'network' | 'wire'>;

export interface FileLock {
  release(): Promise<void>;
}

let ownStart: Promise<string | undefined> | undefined;

export async function holderOf(file: string): Promise<LockHolder | undefined> {
  return holderIn((await textOf(file)) ?? '');
}

/** The live process that has the lock; undefined where none does, whatever one left behind. */
export async function liveHolderOf(file: string): Promise<LockHolder | undefined> {
  const holder = await holderOf(file);
  return holder && (await isAlive(holder)) ? holder : undefined;
}

/**
 * Does `work` on a file while nobody else does who asks here, in this process or another of this machine.
 *
 * @throws ProblemError HOME_UNUSABLE where another process keeps the file for longer than any work on it takes
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  const name = `${file}.lock`;
  for (;;) {
    const lock = await acquireFileLock(name)
      .catch(async (error: unknown) => {
        unlessMissing(error);
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        return acquireFileLock(name);
      })
      .catch((error: unknown) => {
        throw ofFile(error, file);
      });
    if ('release' in lock) {
      try {
        return await work();
      } finally {
        await lock.release();
      }
    }
    if (Date.now() > deadline) {
      throw problem('HOME_UNUSABLE', {
        title: `${file} is kept by another console.`,
        detail: `Process ${lock.pid} has been writing it for too long.`,
        hint: 'Try again. If it lasts, end that process.',
        retryable: true,
      });
    }
    await delay(POLL_MS);
  }
}

/**
 * Takes a lock, or answers the live process that has it. The file appears with its content, so that it is never read
 * half written. A lock whose process is gone has one successor: whoever creates the file named after it may replace
 * it, as long as it still is the lock.
 */
export async function acquireFileLock(file: string, note: LockNote = {}): Promise<FileLock | LockHolder> {
  const token = randomUUID();
  ownStart ??= processStart(process.pid);
  const startedAt = await ownStart;
  const mine = `${file}.${token}`;
  try {
    await writeFile(mine, JSON.stringify({ pid: process.pid, token, startedAt, ...note }), { mode: 0o600 });
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
      if ((await holderOf(file))?.token === token) await rm(file, { force: true });
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
