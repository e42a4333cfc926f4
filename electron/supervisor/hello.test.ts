import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCore } from '../core/core';
import { memoryAudit } from '../core/fake-records';
import { fakePorts } from '../core/fakes';
import { connectSupervisor } from './connect';
import { socketPath } from './lock';
import { serveSocket } from './server';

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
