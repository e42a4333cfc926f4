import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import Module, { createRequire, isBuiltin } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { homeFolder, networkFolder, prepareFolder } from '../adapters/store/home';
import { BRIDGE } from '../api/desktop-bridge';
import type { DesktopBridge } from '../api/desktop-bridge';
import { createCore } from '../core/core';
import { fakePorts } from '../core/fakes';
import { socketPath } from '../supervisor/lock';
import { serveSocket } from '../supervisor/server';
import type { SupervisorServer } from '../supervisor/server';
import * as electron from '../testing/electron';
import { openDesktopClient } from '../../renderer/client/ipc-client';
import type { DesktopClient } from '../../renderer/client/ipc-client';

/** The programs as they are shipped, loaded in Node with the stand-in for Electron, before a supervisor's socket. */
const out = path.resolve(import.meta.dirname, '../../out');
const program = (name: string) => path.join(out, name, `${name}.cjs`);

const modules = Module as unknown as { _load: (this: void, request: string, ...rest: unknown[]) => unknown };
const loadOfNode = modules._load;
const argv = process.argv;

let home: string;
let supervisor: SupervisorServer;
let page: DesktopClient;
const ports = fakePorts();

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-built-'));
  vi.stubEnv('CITYFLOW_HOME', home);
  const folder = networkFolder(homeFolder(), 'cityflow');
  await prepareFolder(folder);
  const core = createCore(ports, { networkDown: () => undefined });
  supervisor = await serveSocket(socketPath(folder), () => core.openSession('admin'));
  modules._load = (request, ...rest) => (request === 'electron' ? electron : loadOfNode(request, ...rest));
  process.argv = [process.execPath, '.', '--remote-debugging-port=0'];
  const require = createRequire(import.meta.url);
  require(program('main'));
  await vi.waitFor(() => expect(electron.BrowserWindow.all).toHaveLength(1));
  require(program('preload'));
  page = await openDesktopClient(electron.state.world[BRIDGE] as DesktopBridge, () => undefined);
});

afterAll(async () => {
  await page.client.close();
  electron.BrowserWindow.all.at(-1)?.emit('closed');
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  await supervisor.close();
  modules._load = loadOfNode;
  process.argv = argv;
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

const requiredBy = async (name: string) =>
  [...(await readFile(program(name), 'utf8')).matchAll(/\brequire\(\s*["']([^"']+)["']\s*\)/g)].map(
    (match) => match[1] ?? '',
  );

test('the preload is one file that requires Electron alone', async () => {
  expect((await readdir(path.join(out, 'preload'))).filter((name) => !name.endsWith('.map'))).toEqual([
    'preload.cjs',
  ]);
  expect(await requiredBy('preload')).toEqual(['electron']);
  expect(await readFile(program('preload'), 'utf8')).not.toMatch(/\bimport\b\s*[({"']/);
});

test('main is one file that requires Electron and Node alone', async () => {
  expect((await readdir(path.join(out, 'main'))).filter((name) => !name.endsWith('.map'))).toEqual([
    'main.cjs',
  ]);
  const foreign = (await requiredBy('main')).filter((name) => name !== 'electron' && !isBuiltin(name));
  expect(foreign).toEqual([]);
});

test('the shell never sets what would weaken a page', async () => {
  const text = `${await readFile(program('main'), 'utf8')}${await readFile(program('preload'), 'utf8')}`;
  for (const weakening of [
    'webSecurity',
    'allowRunningInsecureContent',
    'experimentalFeatures',
    'enableBlinkFeatures',
    'appendSwitch',
    'ELECTRON_RUN_AS_NODE',
    'loadFile',
    'setCertificateVerifyProc',
  ]) {
    expect(text).not.toContain(weakening);
  }
});

test('what must be set before the app is ready is set', () => {
  expect(electron.app.sandboxed).toBe(true);
  expect(electron.app.paths['userData']).toBe(path.join(home, 'desktop'));
  expect(electron.state.schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
});

test('the window’s preload is the file that was built beside it', () => {
  const options = electron.BrowserWindow.all[0]?.options as { webPreferences: { preload: string } };
  expect(options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
  });
  expect(path.resolve(options.webPreferences.preload)).toBe(program('preload'));
});

test('the scheme answers with the built page and its policy', async () => {
  const answer = await electron.state.protocols['app']?.({ method: 'GET', url: 'app://console/' } as Request);
  expect(answer?.status).toBe(200);
  expect(answer?.headers.get('Content-Security-Policy')).toContain("script-src 'self'");
  expect(await answer?.text()).toContain('<title>CityFlow Operations Console</title>');
});

describe('the page’s client over the built ends', () => {
  test('handshake', () => {
    expect(page.version).toBe('0.0.0-test');
  });

  test('operation', async () => {
    expect(await page.client.call('identity.list', {})).toMatchObject({ ok: true });
  });

  test('the network was started with the console', async () => {
    await vi.waitFor(async () =>
      expect(await page.client.call('network.status', {})).toMatchObject({ value: { state: 'running' } }),
    );
  });

  test('stream', async () => {
    ports.host.logLines = Array.from({ length: 3000 }, (_, index) => `line ${index}`);
    const lines: string[] = [];
    const stream = page.client.subscribe(
      'node.logs',
      { node: 'orderer.test', follow: false, tail: 2000 },
      (events) => lines.push(...events.map(({ line }) => line)),
    );
    expect(await stream.ended).toBeUndefined();
    expect(lines).toHaveLength(2000);
    expect(lines.at(-1)).toBe('line 2999');
  });

  test('abort', async () => {
    ports.host.stop = () => new Promise(() => undefined);
    const abort = new AbortController();
    const outcome = page.client.call('node.stop', { node: 'orderer.test' }, { signal: abort.signal });
    abort.abort();
    expect(await outcome).toMatchObject({ ok: false, problem: { code: 'CANCELLED' } });
  });

  test('a message from elsewhere is refused', () => {
    const frame = new electron.FakeFrame('https://evil.example/');
    electron.ipcMain.emit(
      'cityflow:to-core',
      { senderFrame: frame },
      { kind: 'call', id: 1, operation: 'network.down', request: {} },
    );
    expect(frame.sent).toMatchObject([{ message: { kind: 'problem', problem: { code: 'FORBIDDEN' } } }]);
  });
});
