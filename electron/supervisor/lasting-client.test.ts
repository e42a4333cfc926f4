import { expect, test } from 'vitest';
import type { ConsoleClient } from '../api/client';
import { WireClient } from '../api/wire-client';
import { createCore } from '../core/core';
import { fakePorts } from '../core/fakes';
import { problem } from '../core/problem';
import { WireServer } from '../core/wire-server';
import { LastingClient } from './lasting-client';

const gone = problem('NETWORK_NOT_RUNNING', { title: 'The supervisor of the network has gone.' }).problem;

/** Supervisors one after another: `breakLast` ends the present connection as a dying supervisor would. */
function supervisors() {
  const ports = fakePorts();
  const broken: (() => void)[] = [];
  const open = (onClosed: () => void): Promise<ConsoleClient> => {
    const core = createCore(ports, { networkDown: () => undefined });
    const server: WireServer = new WireServer(
      core.openSession('admin'),
      (message) => client.receive(message),
      () => undefined,
    );
    const client: WireClient = new WireClient(
      (message) => server.receive(message),
      () => onClosed(),
    );
    broken.push(() => {
      onClosed();
      client.lost(gone);
    });
    return Promise.resolve(client);
  };
  return { open, ports, opened: () => broken.length, breakLast: () => broken.at(-1)?.() };
}

test('one connection serves every call', async () => {
  const { open, opened } = supervisors();
  const client = new LastingClient(open);
  await Promise.all([client.call('network.status', {}), client.call('task.list', {})]);
  await client.call('network.status', {});
  expect(opened()).toBe(1);
});

test('after a supervisor has gone the next call reaches the next one', async () => {
  const { open, opened, breakLast } = supervisors();
  const client = new LastingClient(open);
  await client.call('network.status', {});
  breakLast();
  expect(await client.call('network.status', {})).toMatchObject({ ok: true });
  expect(opened()).toBe(2);
});

test('what was under way when the connection broke ends with its problem and is not sent again', async () => {
  const { open, opened, breakLast, ports } = supervisors();
  const client = new LastingClient(open);
  await client.call('task.list', {});
  let starts = 0;
  ports.host.start = () => {
    starts += 1;
    breakLast();
    return new Promise(() => undefined);
  };
  expect(await client.call('node.start', { node: 'orderer.test' })).toEqual({ ok: false, problem: gone });
  expect(starts).toBe(1);
  expect(opened()).toBe(1);
});

test('what a supervisor that ends has not begun is asked of the next one, once it has gone', async () => {
  const { open, opened, breakLast, ports } = supervisors();
  const client = new LastingClient(open);
  const { host } = ports;
  await client.call('network.down', {});
  const up = client.call('network.up', {});
  const ups: unknown[] = [];
  host.up = (options) => Promise.resolve(void ups.push(options));
  await client.call('task.list', {});
  expect([opened(), ups]).toEqual([1, []]);
  breakLast();
  expect(await up).toMatchObject({ ok: true });
  expect([opened(), ups.length]).toEqual([2, 1]);
});

test('a stream ends with the problem of its connection', async () => {
  const { open, breakLast } = supervisors();
  const client = new LastingClient(open);
  const stream = client.subscribe('node.logs', { node: 'orderer.test', follow: true, tail: 1 }, () =>
    breakLast(),
  );
  expect(await stream.ended).toEqual(gone);
});

test('a supervisor that cannot be started is a problem of each call, and tried again by the next', async () => {
  const { open } = supervisors();
  let attempts = 0;
  const client = new LastingClient((onClosed) => {
    attempts += 1;
    return attempts === 1
      ? Promise.reject(problem('HOME_UNUSABLE', { title: 'No folder.' }))
      : open(onClosed);
  });
  expect(await client.call('task.list', {})).toMatchObject({ ok: false, problem: { code: 'HOME_UNUSABLE' } });
  expect(await client.call('task.list', {})).toMatchObject({ ok: true });
});

test('a call is cancelled also while the connection is still being opened', async () => {
  const client = new LastingClient(() => new Promise(() => undefined));
  const abort = new AbortController();
  const call = client.call('task.list', {}, { signal: abort.signal });
  const stream = client.subscribe('node.logs', { node: 'x', follow: true, tail: 0 }, () => undefined);
  abort.abort();
  stream.close();
  expect(await call).toMatchObject({ ok: false, problem: { code: 'CANCELLED' } });
  expect(await stream.ended).toBeUndefined();
});

test('closing ends what is open', async () => {
  const { open } = supervisors();
  const client = new LastingClient(open);
  await client.call('task.list', {});
  const stream = client.subscribe(
    'node.logs',
    { node: 'orderer.test', follow: true, tail: 0 },
    () => undefined,
  );
  await client.close();
  expect(await stream.ended).toBeUndefined();
  expect(await client.call('task.list', {})).toMatchObject({ problem: { code: 'CANCELLED' } });
});
