import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCore } from '../core/core';
import { memoryAudit } from '../core/fake-records';
import { fakePorts } from '../core/fakes';
import { connectAnySupervisor, connectSupervisor } from './connect';
import { acquireLock, socketPath } from './lock';
import { serveSocket } from './server';
import type { SupervisorServer } from './server';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-hello-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['ada', 'ada'],
  [undefined, os.userInfo().username],
])('a connection of %s is written down as %s, with its role', async (user, written) => {
  const audit = memoryAudit();
  const core = createCore(fakePorts({ audit }), { networkDown: () => undefined });
  const server = await serveSocket(socketPath(folder), (role, name) => core.openSession(role, name));
  const client = await connectSupervisor(folder, () => undefined, 'operator', user);
  await client?.call('node.stop', { node: 'orderer.test' });
  expect(audit.entries).toMatchObject([{ user: written, role: 'operator', outcome: 'ROLE_TOO_LOW' }]);
  await client?.close();
  await server.close();
});

describe('a supervisor of which build', () => {
  let server: SupervisorServer;
  beforeEach(async () => {
    const core = createCore(fakePorts(), { networkDown: () => undefined });
    server = await serveSocket(socketPath(folder), (role, name) => core.openSession(role, name));
  });
  afterEach(() => server.close());

  test('one of the same wire is talked to', async () => {
    await acquireLock(folder);
    const client = await connectSupervisor(folder);
    expect(await client?.call('network.status', {})).toMatchObject({ ok: true });
    await client?.close();
  });

  test.each([
    ['names another wire', { wire: 'of another build' }],
    ['names none', {}],
  ])('one that %s is refused in words, and can still be ended', async (_what, note) => {
    const lock = { pid: process.pid, token: 'its own', ...note };
    await writeFile(path.join(folder, 'supervisor.lock'), JSON.stringify(lock));
    const onClosed = vi.fn();
    await expect(connectSupervisor(folder, onClosed)).rejects.toMatchObject({
      problem: {
        code: 'SUPERVISOR_OUTDATED',
        detail: expect.stringContaining(`Process ${process.pid} `) as string,
        hint: expect.stringContaining('`cityflow down`') as string,
      },
    });
    const any = await connectAnySupervisor(folder);
    expect(await any?.call('network.down', {})).toMatchObject({ ok: true });
    await any?.close();
    expect(onClosed).not.toHaveBeenCalled();
  });
});
