import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findEngine } from './engine';
import { clockWarning } from './engine-clock';
import { EngineLostError, EngineUnavailableError } from './engine-unavailable';

const version = {
  Version: '29.0.1',
  ApiVersion: '1.52',
  MinAPIVersion: '1.44',
  Os: 'linux',
  Arch: 'amd64',
};

let folder = '';
let socket = '';
const servers: { close(done: () => void): unknown }[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-engine-'));
  socket = path.join(folder, 'docker.sock');
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** An engine that tells its version in these words; answers the paths it was asked for. */
async function fakeEngine(body: unknown, status = 200): Promise<string[]> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return asked;
}

const found = (address = `unix://${socket}`) =>
  findEngine({ variables: { DOCKER_HOST: address }, homeFolder: folder, platform: 'linux' });

async function refusal(address?: string): Promise<string> {
  const error: unknown = await found(address).catch((reason: unknown) => reason);
  if (!(error instanceof EngineUnavailableError)) throw new Error('it was not refused', { cause: error });
  expect(error.tried).toHaveLength(1);
  return error.tried[0]?.reason ?? '';
}

test.each([
  { said: { ...version, ApiVersion: '1.41', MinAPIVersion: '1.12' }, spoken: '1.41' },
  { said: version, spoken: '1.51' },
  { said: { ...version, ApiVersion: '1.41', MinAPIVersion: undefined }, spoken: '1.41' },
])('of $said.ApiVersion and $said.MinAPIVersion, $spoken is spoken', async ({ said, spoken }) => {
  const asked = await fakeEngine(said);
  const { docker, apiVersion, platform } = await found();
  expect({ apiVersion, platform }).toEqual({ apiVersion: spoken, platform: 'linux/amd64' });
  await docker.listContainers();
  expect(asked).toEqual(['/version', expect.stringContaining(`/v${spoken}/containers/json`)]);
});

test.each([
  [
    { ApiVersion: '1.40', MinAPIVersion: '1.12' },
    'Docker 29.0.1 speaks API 1.40; 1.41 (Docker 20.10) is needed',
  ],
  [{ ApiVersion: '1.60', MinAPIVersion: '1.52' }, 'wants API 1.52 at least; this console speaks 1.51'],
  [{ Os: 'windows' }, 'it runs windows containers'],
])('an engine that says %o is refused', async (changes, reason) => {
  await fakeEngine({ ...version, ...changes });
  expect(await refusal()).toContain(reason);
});

test.each([
  ['{"hello":"world"}', 200, 'what answers there is no Docker engine'],
  ['<html>Welcome</html>', 200, 'what answers there is no Docker engine'],
  ['Not found', 404, 'what answers there is no Docker engine (HTTP 404)'],
])('an answer of %s with %i is no engine’s', async (body, status, reason) => {
  await fakeEngine(body, status);
  expect(await refusal()).toBe(reason);
});

test.each(['SSH-2.0-OpenSSH_9.2\r\n', ''])('neither is “%s”, and then the end', async (greeting) => {
  const server = createTcpServer((connection) => void connection.resume().end(greeting));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  expect(await refusal()).toBe('what listens there does not answer as a Docker engine does');
});

test('neither no socket nor one that nobody listens on is an engine', async () => {
  expect(await refusal()).toBe('there is no such socket: no engine runs there');
  expect(await refusal('tcp://127.0.0.1:1')).toBe('nothing listens there: the engine is not running');
});

test('a socket that this user may not use is told with the way out', async (context) => {
  if (process.getuid?.() === 0) context.skip('root may use any socket');
  await fakeEngine(version);
  await chmod(socket, 0o000);
  expect(await refusal()).toContain(`this user may not use ${socket}: add the user to the group`);
});

test('an engine that is gone since is told as that, whatever it was asked', async () => {
  await fakeEngine(version);
  const { docker } = await found();
  await new Promise<void>((resolve) => servers.pop()?.close(resolve));
  await expect(docker.listContainers()).rejects.toThrow(EngineLostError);
  await expect(docker.getContainer('any').start()).rejects.toThrow(
    `the Docker engine at unix://${socket} does not answer: connect ENOENT`,
  );
});

test.each([
  [0, undefined],
  [-50_000, undefined],
  [95_000, /^The Docker engine's clock is 95 s ahead of this machine's: /],
  [-3_600_000, /clock is 3600 s behind this machine's/],
])('a clock that is %i ms ahead is told where that is more than a minute', async (aheadMs, said) => {
  await fakeEngine({ ...version, SystemTime: new Date(Date.now() + aheadMs).toISOString() });
  const warning = await clockWarning(await found());
  if (said === undefined) expect(warning).toBeUndefined();
  else expect(warning).toMatch(said);
});

test.each([
  ['tcp://192.0.2.7:2375', 'it is on another machine; nodes must run on this one'],
  ['ssh://me@build.example.com', 'it is on another machine; nodes must run on this one'],
  ['ssh://me@localhost', 'connections by ssh are not supported'],
  ['here', 'this is no address of an engine'],
])('%s is refused in words', async (address, reason) => {
  expect(await refusal(address)).toBe(reason);
});

test('a chosen context that is missing is not replaced by another engine', async () => {
  const error: unknown = await findEngine({
    variables: { DOCKER_CONTEXT: 'gone' },
    homeFolder: folder,
    platform: 'linux',
  }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    tried: [
      { source: 'docker context "gone"', reason: expect.stringContaining('no such context') as string },
    ],
  });
});
