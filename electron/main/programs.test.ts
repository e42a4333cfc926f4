import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { desktopArguments } from './arguments';
import { nodeProgram, programsFolder } from './programs';
import type { Installation } from './programs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-install-'));
});
afterEach(() => rm(folder, { recursive: true }));

const installation = (change: Partial<Installation>): Installation => ({
  packaged: false,
  resources: path.join(folder, 'resources'),
  app: '/project',
  platform: 'linux',
  environment: {},
  ...change,
});

test('in development the Node of npm start runs the programs of out/', () => {
  const development = installation({ environment: { CITYFLOW_NODE: process.execPath } });
  expect(nodeProgram(development)).toBe(process.execPath);
  expect(programsFolder(development)).toBe(path.join('/project', 'out'));
});

test('a packaged app uses the Node it brought, whatever the environment says', async () => {
  const bin = path.join(folder, 'resources', 'cityflow', 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, 'node'), '');
  await chmod(path.join(bin, 'node'), 0o755);
  const packaged = installation({ packaged: true, environment: { CITYFLOW_NODE: process.execPath } });
  expect(nodeProgram(packaged)).toBe(path.join(bin, 'node'));
  expect(programsFolder(packaged)).toBe(path.join(folder, 'resources', 'cityflow', 'out'));
});

test('without any Node it says so and never takes Electron’s own binary', () => {
  for (const change of [{}, { packaged: true }, { environment: { CITYFLOW_NODE: '/no/such/node' } }]) {
    expect(() => nodeProgram(installation(change))).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({ code: 'RUNTIME_UNAVAILABLE' }) as unknown,
      }),
    );
  }
});

test('its own options stand among Chromium’s', () => {
  expect(
    desktopArguments(['--remote-debugging-port=0', '--network', 'two', '--topology=t.yaml', '.'], '/work'),
  ).toEqual({ network: 'two', topologyFile: path.resolve('/work', 't.yaml'), start: true });
  expect(desktopArguments(['--no-network'], '/work')).toEqual({
    network: 'cityflow',
    topologyFile: undefined,
    start: false,
  });
});
