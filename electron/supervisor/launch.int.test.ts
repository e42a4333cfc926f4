import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectSupervisor } from './connect';
import { openSupervisor } from './launch';
import type { SupervisedNetwork } from './launch';
import { prepareFolder } from '../adapters/store/home';
import { acquireLock, lockHolder } from './lock';

const programs = path.resolve(import.meta.dirname, '../../out');

let home: string;
let network: SupervisedNetwork;
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-launch-'));
  process.env['CITYFLOW_HOME'] = home;
  network = {
    network: 'launched',
    folder: path.join(home, 'networks', 'launched'),
    topologyFile: undefined,
    programs,
  };
});
afterEach(async () => {
  delete process.env['CITYFLOW_HOME'];
  await rm(home, { recursive: true });
});

test('of two consoles that start at the same time one starts the supervisor and both attach to it', async () => {
  let closed = 0;
  const onClosed = () => (closed += 1);
  const [first, second] = await Promise.all([
    openSupervisor(network, process.execPath, onClosed),
    openSupervisor(network, process.execPath, onClosed),
  ]);
  const holder = await lockHolder(network.folder);
  expect(holder?.pid).not.toBe(process.pid);
  expect(await first.call('network.status', {})).toMatchObject({ ok: true, value: { state: 'stopped' } });
  expect(await second.call('network.down', {})).toEqual({ ok: true, value: { stopped: 0 } });
  await expect.poll(() => closed).toBe(2);
  await expect.poll(() => connectSupervisor(network.folder)).toBeUndefined();
  await expect.poll(() => lockHolder(network.folder)).toBeUndefined();
});

test('where one is just ending, another is started once it has gone', async () => {
  await prepareFolder(network.folder);
  const ending = await acquireLock(network.folder);
  if ('pid' in ending) throw new Error(`the lock is process ${ending.pid}'s`);
  const opening = openSupervisor(network, process.execPath);
  const told = () => readFile(path.join(network.folder, 'supervisor.log'), 'utf8').catch(() => '');
  await expect.poll(told, { timeout: 10_000 }).toContain('is run by another process');
  await ending.release();
  const client = await opening;
  expect((await lockHolder(network.folder))?.pid).not.toBe(process.pid);
  expect(await client.call('network.down', {})).toMatchObject({ ok: true });
  await expect.poll(() => lockHolder(network.folder)).toBeUndefined();
});

test('what a supervisor cannot start for reaches whoever started it', async () => {
  const wrong = { ...network, topologyFile: path.join(home, 'missing.yaml') };
  await expect(openSupervisor(wrong, process.execPath)).rejects.toMatchObject({
    problem: { code: 'TOPOLOGY_INVALID' },
  });
});

test('a node program that is not there is named', async () => {
  await expect(openSupervisor(network, path.join(home, 'no-node'))).rejects.toMatchObject({
    problem: { code: 'BRING_UP_FAILED', detail: expect.stringContaining('no-node') as string },
  });
});
