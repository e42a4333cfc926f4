import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { HttpClient } from '../../renderer/client/http-client';
import type { NetworkStatus } from '../api/models';
import { CODE_PARAMETER } from '../api/browser-service';
import { TestBrowser } from '../service/testing/test-service';
import { CommandLine } from './testing/command-line';

const root = path.resolve(import.meta.dirname, '../..');
const unbuilt = existsSync(path.join(root, 'out', 'renderer', 'index.html'))
  ? undefined
  : 'the pages of the console are not built: run `npm run build`';

interface Announced {
  readonly origin: string;
  readonly link: string;
  readonly viewerLink: string | null;
}

let cityflow: CommandLine;
const running = new Set<ChildProcess>();
const clients: HttpClient[] = [];
beforeAll(async () => {
  cityflow = await CommandLine.create();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const child of running) await stop(child);
});
afterAll(() => cityflow.close());

/** `cityflow serve`, once it has printed its links. */
async function serve(...args: string[]): Promise<{ announced: Announced; child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    [path.join(root, 'out', 'cityflow.cjs'), '--topology', cityflow.topologyFile, '--json', 'serve', ...args],
    { env: { ...process.env, CITYFLOW_HOME: cityflow.home }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  running.add(child);
  child.once('exit', () => running.delete(child));
  let text = '';
  const announced = await new Promise<Announced>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.endsWith('}\n')) resolve(JSON.parse(text) as Announced);
    });
    child.once('exit', () => reject(new Error(`serve ended: ${text}`)));
  });
  return { announced, child };
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}

async function signIn({ origin }: Announced, link: string | null): Promise<HttpClient> {
  const browser = new TestBrowser(origin);
  const code = new URLSearchParams(new URL(link ?? '').hash.slice(1)).get(CODE_PARAMETER) ?? '';
  const session = await browser.endpoint.begin(code);
  if (!session.ok) throw new Error(session.problem.title);
  const client = browser.connect();
  clients.push(client);
  return client;
}

const stateOf = async (client: HttpClient) => {
  const status = await client.call('network.status', {});
  return status.ok ? status.value.state : status.problem.code;
};

test('the console starts the network it shows, holds viewers to looking, and takes it along when it ends', async (ctx) => {
  if (unbuilt) ctx.skip(unbuilt);
  const { announced, child } = await serve('--viewer-link');
  expect(announced.origin).toBe(`http://127.0.0.1:${cityflow.topology.console.port}`);
  const viewer = await signIn(announced, announced.viewerLink);
  await expect.poll(() => stateOf(viewer), { timeout: 60_000 }).toBe('running');
  expect(await viewer.call('network.down', {})).toMatchObject({ problem: { code: 'ROLE_TOO_LOW' } });
  expect((await cityflow.json<NetworkStatus>('status')).state).toBe('running');
  await stop(child);
  expect((await cityflow.json<NetworkStatus>('status')).state).toBe('stopped');
});

test('an open console outlives the network: taken down and purged from a terminal, started again from it', async (ctx) => {
  if (unbuilt) ctx.skip(unbuilt);
  const { announced } = await serve('--no-network');
  const admin = await signIn(announced, announced.link);
  expect(await stateOf(admin)).toBe('stopped');
  expect((await cityflow.run(['down', '--purge'])).exitCode).toBe(0);
  await expect.poll(() => stateOf(admin), { timeout: 40_000 }).toBe('stopped');
  expect(await admin.call('network.up', {})).toMatchObject({ ok: true });
  await expect.poll(() => stateOf(admin), { timeout: 60_000 }).toBe('running');
});

test('a network is deleted at once, however often open consoles ask for it meanwhile', async (ctx) => {
  if (unbuilt) ctx.skip(unbuilt);
  const { announced } = await serve('--no-network');
  const admin = await signIn(announced, announced.link);
  await cityflow.json('up', '--detach');
  let asking = true;
  const asked = (async () => {
    while (asking) {
      await admin.call('network.status', {});
      admin.retryNow();
      // While the connection is lost calls fail at once: everything else needs its turn.
      await nextTurn();
    }
  })();
  const { stopped } = await cityflow.json<{ stopped: number }>('down', '--purge');
  // Meanwhile the console has had a supervisor started, which is asked to delete then.
  for (let round = 0; round < 3; round++) await cityflow.json('down', '--purge');
  asking = false;
  await asked;
  expect(stopped).toBeGreaterThan(0);
  await expect.poll(() => stateOf(admin), { timeout: 40_000 }).toBe('stopped');
});

test('a network that somebody else started goes on when the console ends', async (ctx) => {
  if (unbuilt) ctx.skip(unbuilt);
  await cityflow.json('up', '--detach');
  const { announced, child } = await serve();
  const admin = await signIn(announced, announced.link);
  expect(await stateOf(admin)).toBe('running');
  await stop(child);
  expect((await cityflow.json<NetworkStatus>('status')).state).toBe('running');
});

test('a second console on the same port says who has it, and how to open one beside it', async (ctx) => {
  if (unbuilt) ctx.skip(unbuilt);
  const { announced, child } = await serve('--no-network');
  const port = Number(new URL(announced.origin).port);
  const own = await cityflow.problem('serve', '--no-network');
  expect(own).toMatchObject({
    code: 'PORT_TAKEN',
    title: `The console of cityflow runs on port ${port} already.`,
    detail: `Process ${child.pid ?? 0} serves it.`,
    hint: expect.stringContaining(`cityflow serve --port ${port + 1}`) as string,
  });
  await stop(child);
  const other = http.createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  expect(await cityflow.problem('serve', '--no-network')).toMatchObject({
    code: 'PORT_TAKEN',
    title: `Port ${port} is taken.`,
    ...(process.platform === 'linux' && { detail: expect.stringContaining(`${process.pid}`) as string }),
  });
  other.close();
  await once(other, 'close');
});

test('two consoles of one network: a task started in one is seen in the other while it runs', async (ctx) => {
  if (unbuilt) ctx.skip(unbuilt);
  await cityflow.json('down');
  const [one, other] = [await serve('--no-network'), await serve('--no-network', '--port', '0')];
  const [starter, watcher] = [
    await signIn(one.announced, one.announced.link),
    await signIn(other.announced, other.announced.link),
  ];
  const seen: string[] = [];
  const stream = watcher.subscribe('tasks', {}, (events) =>
    seen.push(...events.flatMap(({ tasks }) => tasks.map(({ id, state }) => `${id} ${state}`))),
  );
  const started = await starter.call('network.up', {});
  if (!started.ok) throw new Error(started.problem.title);
  const { task } = started.value;
  await expect.poll(() => seen, { timeout: 60_000 }).toContain(`${task} done`);
  expect(seen).toContain(`${task} running`);
  stream.close();
  // It was started for the first console, whose end takes the network along; the second one stays.
  await stop(one.child);
  await expect.poll(() => stateOf(watcher), { timeout: 60_000 }).toBe('stopped');
});

test('an address that others can reach is refused without TLS and a user', async (ctx) => {
  if (unbuilt) ctx.skip(unbuilt);
  const problem = await cityflow.problem('serve', '--no-network', '--host', '0.0.0.0');
  expect(problem.code).toBe('UNSAFE_ADDRESS');
  expect(problem.hint).toContain('--tls-cert');
});
