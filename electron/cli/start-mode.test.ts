import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

interface Start {
  readonly root: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}
type Mode =
  | { readonly mode: 'desktop'; readonly binary: string; readonly args: readonly string[] }
  | { readonly mode: 'browser'; readonly reason: string; readonly args: readonly string[] };

// Plain JavaScript: it runs before anything is built.
const { startMode, desktopEnvironment } = (await import(
  path.join(import.meta.dirname, 'start-mode.mjs')
)) as {
  startMode: (start: Start) => Mode;
  desktopEnvironment: (environment: NodeJS.ProcessEnv, node: string) => NodeJS.ProcessEnv;
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'cityflow-start-'));
});
afterEach(() => rm(root, { recursive: true }));

async function installElectron(withBinary = true): Promise<string> {
  const dist = path.join(root, 'node_modules', 'electron', 'dist');
  await mkdir(dist, { recursive: true });
  await writeFile(path.join(dist, '..', 'path.txt'), 'electron');
  if (withBinary) await writeFile(path.join(dist, 'electron'), '');
  return path.join(dist, 'electron');
}

const mode = (change: Partial<Start> = {}) =>
  startMode({ root, args: [], environment: { DISPLAY: ':0' }, platform: 'linux', ...change });

test('with Electron’s binary and a display: the window', async () => {
  const binary = await installElectron();
  const args = ['--no-network', '--network', 'two'];
  expect(mode({ args })).toEqual({ mode: 'desktop', binary, args });
  expect(mode({ environment: { WAYLAND_DISPLAY: 'wayland-0' } }).mode).toBe('desktop');
  expect(mode({ environment: {}, platform: 'darwin' }).mode).toBe('desktop');
});

test('a binary elsewhere is taken where it is named', async () => {
  const dist = path.join(root, 'elsewhere');
  await mkdir(dist);
  await writeFile(path.join(dist, 'electron'), '');
  expect(mode({ environment: { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: dist } })).toMatchObject({
    mode: 'desktop',
    binary: path.join(dist, 'electron'),
  });
});

test('otherwise the browser, with the reason', async () => {
  expect(mode()).toMatchObject({
    mode: 'browser',
    reason: expect.stringContaining('not installed') as string,
  });
  await installElectron(false);
  expect(mode()).toMatchObject({ mode: 'browser', reason: expect.stringContaining('there is no') as string });
  await installElectron();
  expect(mode({ environment: {} })).toMatchObject({ mode: 'browser', reason: 'there is no display' });
});

test('the browser where it was asked for, or an option that only it has', async () => {
  await installElectron();
  expect(mode({ args: ['--browser', '--no-network'] })).toEqual({
    mode: 'browser',
    reason: '--browser',
    args: ['--no-network'],
  });
  for (const option of [
    '--port=4000',
    '--viewer-link',
    '--help',
    '-h',
    '--runtime',
    '--networks',
    '--typo',
  ]) {
    expect(mode({ args: [option] })).toMatchObject({ mode: 'browser', args: [option] });
  }
});

test('the desktop app gets this Node for the network, and never runs as Node itself', () => {
  expect(desktopEnvironment({ HOME: '/home/me', ELECTRON_RUN_AS_NODE: '1' }, '/usr/bin/node')).toEqual({
    HOME: '/home/me',
    CITYFLOW_NODE: '/usr/bin/node',
  });
});
