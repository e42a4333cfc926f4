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
  try {
    return holderSchema.parse(JSON.parse(await readFile(lockFile(folder), 'utf8')));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/**
 * Takes the network's lock, or answers the live process that has it. A lock whose process is gone is moved aside
 * and, should another starter have replaced it meanwhile, put back.
 */
export async function acquireLock(folder: string): Promise<NetworkLock | LockHolder> {
  const token = randomUUID();
  const file = lockFile(folder);
  const startedAt = await processStart(process.pid);
  for (;;) {
    try {
      await writeFile(file, JSON.stringify({ pid: process.pid, token, startedAt }), {
        flag: 'wx',
        mode: 0o600,
      });
      return {
        release: async () => {
          if ((await lockHolder(folder))?.token === token) await rm(file, { force: true });
        },
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = await lockHolder(folder);
    if (holder && (await isAlive(holder))) return holder;
    await moveAside(file, holder);
  }
}

async function moveAside(file: string, stale: LockHolder | undefined): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const moved: unknown = await readFile(aside, 'utf8')
    .then((text) => JSON.parse(text) as unknown)
    .catch(() => undefined);
  const parsed = holderSchema.safeParse(moved);
  if (parsed.success && parsed.data.token !== stale?.token && (await isAlive(parsed.data))) {
    await link(aside, file).catch(() => undefined);
  }
  await rm(aside, { force: true });
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

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
