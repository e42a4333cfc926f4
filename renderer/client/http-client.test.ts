import { afterEach, expect, test, vi } from 'vitest';
import { createCore } from '../../electron/core/core';
import type { Core, CorePorts } from '../../electron/core/core';
import { fakePorts } from '../../electron/core/fakes';
import { TestBrowser, startTestService } from '../../electron/service/testing/test-service';
import type { ConsoleService } from '../../electron/service/service';
import { HEARTBEAT, SILENCE_MS, closeCodes } from '../../electron/api/browser-service';
import { Backoff } from './backoff';
import { HttpClient } from './http-client';
import type { Socket } from './http-client';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const closable of opened.splice(0).reverse()) await closable.close();
});

/** A service whose core can be taken away. */
async function start(overrides: Partial<CorePorts> = {}) {
  const ports = fakePorts(overrides);
  const core: Core = createCore(ports, { networkDown: () => undefined });
  const gone = new Set<() => void>();
  const service: ConsoleService = await startTestService(({ role }, onGone) => {
    gone.add(onGone);
    return Promise.resolve(core.openSession(role));
  });
  opened.push(service);
  const { browser, client } = await TestBrowser.open(service, 'admin');
  opened.push(client);
  return {
    service,
    browser,
    client,
    host: ports.host,
    /** What happens when the supervisor ends. */
    loseCore: () => {
      for (const tell of gone) tell();
      gone.clear();
    },
  };
}

/** A socket in the hands of the test. */
class FakeSocket implements Socket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly sent: string[] = [];
  closed = false;
  send = (text: string) => void this.sent.push(text);
  close = () => void (this.closed = true);
  open = () => this.onopen?.({} as never);
  hear = (data: string) => this.onmessage?.({ data } as never);
  drop = (code = 1006) => this.onclose?.({ code } as never);
}

function onFakeSockets() {
  const sockets: FakeSocket[] = [];
  const client = new HttpClient({
    role: 'admin',
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    sessionProblem: () => Promise.resolve(undefined),
    backoff: new Backoff(100, 400, () => 1),
  });
  opened.push(client);
  return { client, sockets, latest: () => sockets.at(-1) ?? new FakeSocket() };
}

test('what is asked before the connection stands waits for it', async () => {
  const { browser } = await start();
  const client = browser.connect();
  opened.push(client);
  expect(client.state.kind).toBe('connecting');
  expect((await client.call('network.status', {})).ok).toBe(true);
});

test('looking again whether there is a core loses nothing: what was told of it stays meanwhile', () => {
  const { client, sockets, latest } = onFakeSockets();
  latest().open();
  const states: string[] = [];
  client.onStateChange(() => states.push(client.state.kind));
  latest().drop(closeCodes.noCore);
  expect(sockets).toHaveLength(2);
  latest().open();
  expect(states).toEqual(['connecting', 'connected']);
});

test('a stream goes on by itself when the core was lost, and says that it begins again', async () => {
  const { client, host, loseCore } = await start();
  host.logLines = ['before'];
  const seen: string[] = [];
  const stream = client.subscribe(
    'node.logs',
    { node: 'orderer.test', follow: true, tail: 10 },
    (events) => seen.push(...events.map(({ line }) => line)),
    { onRestart: () => seen.push('restart') },
  );
  await expect.poll(() => seen).toEqual(['before']);
  host.logLines = ['before', 'meanwhile'];
  const states: string[] = [];
  client.onStateChange(() => states.push(client.state.kind));
  loseCore();
  await expect.poll(() => seen).toEqual(['before', 'restart', 'before', 'meanwhile']);
  expect(states).toEqual(['lost', 'connected']);
  stream.close();
  expect(await stream.ended).toBeUndefined();
});

test('a stream that knows how far it came goes on from there and repeats nothing', async () => {
  const { client, host, loseCore } = await start();
  host.logLines = ['one', 'two'];
  const seen: string[] = [];
  let after: string | undefined;
  const stream = client.subscribe(
    'node.logs',
    { node: 'orderer.test', follow: true, tail: 10 },
    (events) => {
      seen.push(...events.map(({ line }) => line));
      after = events.at(-1)?.position ?? after;
    },
    { againWith: () => ({ node: 'orderer.test', follow: true, tail: 10, after }) },
  );
  await expect.poll(() => seen).toEqual(['one', 'two']);
  host.logLines = ['one', 'two', 'three'];
  loseCore();
  await expect.poll(() => seen).toEqual(['one', 'two', 'three']);
  stream.close();
});

test('a stream that is closed while the connection is lost is over at once, and stays so', async () => {
  const { client, service } = await start();
  const stream = client.subscribe(
    'node.logs',
    { node: 'orderer.test', follow: true, tail: 10 },
    () => undefined,
  );
  await client.call('task.list', {});
  await service.close();
  await expect.poll(() => client.state.kind).toBe('lost');
  stream.close();
  expect(await stream.ended).toBeUndefined();
});

test('a command under way when the connection broke may have been carried out, and is said to', async () => {
  const { client, host, loseCore } = await start();
  host.stop = () => new Promise(() => undefined);
  const command = client.call('node.stop', { node: 'orderer.test' });
  await client.call('task.list', {});
  loseCore();
  const outcome = await command;
  expect(outcome).toMatchObject({ problem: { code: 'CONNECTION_LOST', retryable: false } });
  expect(outcome.ok ? '' : outcome.problem.detail).toContain('is not known');
});

test('a query under way can simply be asked again', async () => {
  const never = () => new Promise<never>(() => undefined);
  const { client, host, loseCore } = await start({ nodes: { checks: never, channels: never } });
  await host.start('orderer.test');
  const query = client.call('network.status', {});
  await client.call('task.list', {});
  loseCore();
  expect(await query).toMatchObject({ problem: { code: 'CONNECTION_LOST', retryable: true } });
});

test('calls fail at once while the service is away, with the time of the next attempt', async () => {
  const { client, service } = await start();
  await client.call('task.list', {});
  await service.close();
  await expect.poll(() => client.state.kind).toBe('lost');
  expect(await client.call('network.status', {})).toMatchObject({ problem: { code: 'CONNECTION_LOST' } });
  expect(client.state).toMatchObject({ kind: 'lost', problem: { code: 'CONNECTION_LOST', retryable: true } });
  expect(client.lastHeard).toBeGreaterThan(0);
});

test('attempts come at growing distances, and at once when asked for', () => {
  vi.useFakeTimers();
  const { client, sockets, latest } = onFakeSockets();
  latest().open();
  latest().drop();
  expect(client.state).toMatchObject({ kind: 'lost', attempt: 1, retryAt: Date.now() + 100 });
  vi.advanceTimersByTime(99);
  expect(sockets).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(sockets).toHaveLength(2);
  latest().open();
  expect(client.state.kind).toBe('connected');
  latest().drop();
  client.retryNow();
  expect(sockets).toHaveLength(3);
});

test('a service that takes connections and says nothing is asked ever more rarely', () => {
  vi.useFakeTimers();
  const { client, latest } = onFakeSockets();
  const waits: number[] = [];
  for (let round = 0; round < 3; round++) {
    latest().open();
    latest().drop();
    if (client.state.kind === 'lost') waits.push(client.state.retryAt - Date.now());
    client.retryNow();
  }
  latest().open();
  latest().hear(HEARTBEAT);
  latest().drop();
  if (client.state.kind === 'lost') waits.push(client.state.retryAt - Date.now());
  expect(waits).toEqual([100, 200, 400, 100]);
});

test('a connection through which nothing comes any more is given up', () => {
  vi.useFakeTimers();
  const { client, latest } = onFakeSockets();
  const first = latest();
  first.open();
  vi.advanceTimersByTime(SILENCE_MS - 1000);
  first.hear(HEARTBEAT);
  vi.advanceTimersByTime(SILENCE_MS - 1000);
  expect(client.state.kind).toBe('connected');
  vi.advanceTimersByTime(10_000);
  expect(first.closed).toBe(true);
  expect(client.state.kind).not.toBe('connected');
});

test('a call that is cancelled before the connection stands is never sent', async () => {
  const { client, latest } = onFakeSockets();
  const abort = new AbortController();
  const outcome = client.call('network.down', {}, { signal: abort.signal });
  abort.abort();
  expect(await outcome).toMatchObject({ problem: { code: 'CANCELLED' } });
  latest().open();
  expect(latest().sent).toEqual([]);
});

test('a request beyond the size of a message is refused here, and the connection lives', async () => {
  const { client } = await start();
  await client.call('task.list', {});
  const outcome = await client.call('transaction.submit', {
    as: 'Alpha/operator',
    channel: 'goods-channel',
    contract: 'goods',
    function: 'Put',
    args: ['x'.repeat(16 * 1024 * 1024)],
  });
  expect(outcome).toMatchObject({ problem: { code: 'TOO_LARGE' } });
  expect(client.state.kind).toBe('connected');
});

test('a service that was ended signs its consoles out: the next one knows none of its sessions', async () => {
  const { browser, service } = await start();
  const port = service.port;
  const client = browser.connect();
  opened.push(client);
  await client.call('task.list', {});
  await service.close();
  const core = createCore(fakePorts(), { networkDown: () => undefined });
  opened.push(await startTestService(({ role }) => Promise.resolve(core.openSession(role)), { port }));
  await expect.poll(() => client.state.kind).toBe('signed-out');
});
