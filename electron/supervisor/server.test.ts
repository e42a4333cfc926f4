import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createCore } from '../core/core';
import { fakePorts } from '../core/fakes';
import { connectSupervisor } from './connect';
import { socketPath } from './lock';
import { serveSocket } from './server';

const noEvents = { networkDown: () => undefined };

test('a client whose supervisor vanishes is told so, for what is open and for what comes later', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-socket-'));
  const core = createCore(fakePorts(), noEvents);
  const server = await serveSocket(socketPath(folder), () => core.openSession('admin'));
  const client = await connectSupervisor(folder);
  const stream = client?.subscribe(
    'node.logs',
    { node: 'orderer.test', follow: true, tail: 0 },
    () => undefined,
  );
  // An answered call proves that the subscription before it has arrived.
  await client?.call('task.list', {});
  await server.close();
  await stream?.ended;
  expect(await client?.call('network.status', {})).toMatchObject({
    ok: false,
    problem: { code: 'NETWORK_NOT_RUNNING' },
  });
  expect(await connectSupervisor(folder)).toBeUndefined();
  await rm(folder, { recursive: true });
});

test('a connection to the supervisor keeps the role it was opened with', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-socket-'));
  const core = createCore(fakePorts(), noEvents);
  const server = await serveSocket(socketPath(folder), (role) => core.openSession(role));
  const socket = net.connect(socketPath(folder));
  let answers = '';
  const closed = once(socket, 'close');
  socket.setEncoding('utf8').on('data', (text: string) => (answers += text));
  const down = { kind: 'call', id: 1, operation: 'network.down', request: {} };
  const lines = [
    { kind: 'hello', role: 'viewer' },
    down,
    { kind: 'hello', role: 'admin' },
    { ...down, id: 2 },
  ];
  for (const line of lines) socket.write(`${JSON.stringify(line)}\n`);
  await closed;
  expect(answers).not.toContain('"kind":"reply"');
  await server.close();
  await rm(folder, { recursive: true });
});

test('a task started in one session is told in another, from its start to its end', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-socket-'));
  const core = createCore(fakePorts(), noEvents);
  const server = await serveSocket(socketPath(folder), (role) => core.openSession(role));
  const [one, other] = [
    await connectSupervisor(folder),
    await connectSupervisor(folder, undefined, 'viewer'),
  ];
  const seen: string[] = [];
  const done = new Promise<void>((resolve) => {
    other?.subscribe('tasks', {}, (events) => {
      seen.push(...events.flatMap(({ tasks }) => tasks.map(({ id, state }) => `${id} ${state}`)));
      if (seen.some((line) => line.endsWith('done'))) resolve();
    });
  });
  // An answered call proves that the subscription before it has arrived.
  await other?.call('task.list', {});
  const started = await one?.call('network.up', {});
  const id = started?.ok ? started.value.task : '';
  await done;
  expect(seen.at(-1)).toBe(`${id} done`);
  await Promise.all([one?.close(), other?.close()]);
  await server.close();
  await rm(folder, { recursive: true });
});

test('a supervisor that ends answers first what was asked of it', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-socket-'));
  const ports = fakePorts();
  let finish: (stopped: number) => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    ports.host.down = () => {
      resolve();
      return new Promise((done) => (finish = done));
    };
  });
  const core = createCore(ports, noEvents);
  const server = await serveSocket(socketPath(folder), (role) => core.openSession(role));
  const client = await connectSupervisor(folder);
  const outcome = client?.call('network.down', {});
  await asked;
  const closed = server.close();
  finish(3);
  expect(await outcome).toEqual({ ok: true, value: { stopped: 3 } });
  await closed;
  await rm(folder, { recursive: true });
});
