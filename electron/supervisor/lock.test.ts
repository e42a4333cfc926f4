import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock, lockHolder, socketPath } from './lock';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

test('one of many who try at the same time gets the lock, the others learn who has it', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => acquireLock(folder)));
  const [winner, ...more] = answers.filter((answer) => 'release' in answer);
  expect(more).toEqual([]);
  expect(answers.filter((answer) => 'pid' in answer).every((holder) => holder.pid === process.pid)).toBe(
    true,
  );
  await (winner as { release(): Promise<void> }).release();
  expect(await lockHolder(folder)).toBeUndefined();
});

test('a lock whose process is gone is taken over by exactly one', async () => {
  const file = path.join(folder, 'supervisor.lock');
  await writeFile(file, JSON.stringify({ pid: deadPid(), token: 'old' }));
  const answers = await Promise.all(Array.from({ length: 20 }, () => acquireLock(folder)));
  expect(answers.filter((answer) => 'release' in answer)).toHaveLength(1);
});

test('a lock whose process id was given to another program since counts as stale', async () => {
  await writeFile(
    path.join(folder, 'supervisor.lock'),
    JSON.stringify({ pid: process.pid, token: 'old', startedAt: 'long ago' }),
  );
  expect('release' in (await acquireLock(folder))).toBe(true);
});

test('a lock file cut short by a crash counts as stale', async () => {
  await writeFile(path.join(folder, 'supervisor.lock'), '{"pid": 1');
  expect('release' in (await acquireLock(folder))).toBe(true);
});

test('releasing leaves a successor’s lock alone', async () => {
  const mine = await acquireLock(folder);
  if (!('release' in mine)) throw new Error('not acquired');
  await writeFile(
    path.join(folder, 'supervisor.lock'),
    JSON.stringify({ pid: process.pid, token: 'successor' }),
  );
  await mine.release();
  expect(await lockHolder(folder)).toEqual({ pid: process.pid, token: 'successor' });
});

test('the socket lies in the folder, or elsewhere where the path would be too long for a socket', () => {
  expect(socketPath('/home/somebody')).toBe('/home/somebody/supervisor.sock');
  const long = socketPath(`/home/${'x'.repeat(120)}`);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(100);
  expect(long).not.toBe(socketPath(`/home/${'y'.repeat(120)}`));
});
