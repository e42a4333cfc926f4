import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as Electron from '../testing/electron';

/** The program started anew with Electron as the test wants it: each start has modules of its own. */
let home: string;
const argv = process.argv;
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-main-'));
  vi.stubEnv('CITYFLOW_HOME', home);
  vi.resetModules();
  process.argv = [process.execPath, '.', '--no-network'];
  // Electron's own; a packaged app finds what lies beside its archive there.
  Object.assign(process, { resourcesPath: home });
});
afterEach(async () => {
  process.argv = argv;
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

async function start(prepare: (electron: typeof Electron) => void = () => undefined) {
  const electron = await import('../testing/electron');
  prepare(electron);
  await import('./main');
  await new Promise((resolve) => setImmediate(resolve));
  return electron;
}

test('opens its window; the page’s policies hold for every WebContents there will be', async () => {
  const { BrowserWindow, app, FakeWebContents } = await start();
  expect(BrowserWindow.all).toHaveLength(1);
  const later = new FakeWebContents();
  app.emit('web-contents-created', {}, later);
  expect(later.openHandler({ url: 'https://github.com/' })).toEqual({ action: 'deny' });
  expect(later.listenerCount('will-attach-webview')).toBe(1);
});

test('a second start opens nothing and leaves it to the first', async () => {
  const { BrowserWindow, app } = await start(({ app }) => (app.firstInstance = false));
  expect(BrowserWindow.all).toHaveLength(0);
  expect(app.exitCode).toBe(0);
});

test('the first hears of it and comes to the front', async () => {
  const { BrowserWindow, app } = await start();
  app.emit('second-instance');
  expect(BrowserWindow.all[0]?.focused).toBe(1);
});

test('a packaged app that is started without the sandbox refuses, in words', async () => {
  const { BrowserWindow, app, state } = await start(({ app }) => {
    app.isPackaged = true;
    app.switches.add('no-sandbox');
  });
  expect(BrowserWindow.all).toHaveLength(0);
  expect(state.errorBoxes).toEqual([
    expect.objectContaining({ content: expect.stringContaining('--no-sandbox') as string }),
  ]);
  expect(app.exitCode).toBe(1);
});

test('the first signal leaves as closing the window does, a second one at once', async () => {
  const { app } = await start();
  process.emit('SIGTERM');
  expect(app.quits).toBe(1);
  process.emit('SIGINT');
  expect(app.exitCode).toBe(0);
});

test('a machine that shuts down is not kept waiting', async () => {
  const { app, powerMonitor } = await start();
  powerMonitor.emit('shutdown');
  expect(app.exitCode).toBe(0);
});
