import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const resourceSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  filter: z.array(z.string()).default(['**/*']),
});
const text = read('electron-builder.yml');
const config = z
  .looseObject({
    appId: z.string(),
    files: z.array(z.string()),
    asar: z.boolean(),
    npmRebuild: z.boolean(),
    extraResources: z.array(resourceSchema),
    beforePack: z.string(),
    electronFuses: z.record(z.string(), z.boolean()),
    linux: z.looseObject({ target: z.array(z.string()), executableArgs: z.array(z.string()).optional() }),
    appImage: z.looseObject({ executableArgs: z.array(z.string()) }),
    mac: z.looseObject({ target: z.array(z.string()), binaries: z.array(z.string()) }),
  })
  .parse(parse(text));
const manifest = z
  .looseObject({ main: z.string(), devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

test('every fuse is set as the checklist has it', () => {
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    loadBrowserProcessSpecificV8Snapshot: false,
    resetAdHocDarwinSignature: true,
  });
});

test('nothing is started without the sandbox, which electron-builder does by default for AppImages', () => {
  expect(text).not.toContain('no-sandbox');
  expect(config.appImage.executableArgs).toEqual([]);
  expect(config.linux.executableArgs).toBeUndefined();
});

test('the window’s code lies in the archive, and of node_modules nothing', () => {
  expect(config.asar).toBe(true);
  expect(config.files).toContain('!node_modules');
  expect(config.files).toContain(`${path.posix.dirname(manifest.main)}/**`);
  expect(config.files.filter((pattern) => /\.\./.test(pattern))).toEqual([]);
});

test('nothing is built on the packager’s machine', () => {
  expect(config.npmRebuild).toBe(false);
});

test('what child processes run lies beside the archive, in the layout of the project', () => {
  const targets = Object.fromEntries(config.extraResources.map(({ from, to }) => [from, to]));
  expect(targets).toEqual({
    out: 'cityflow/out',
    'network/cityflow.yaml': 'cityflow/network/cityflow.yaml',
    'network/examples': 'cityflow/network/examples',
    'out/node': 'cityflow/bin',
    node_modules: 'cityflow/node_modules',
  });
  expect(existsSync(path.join(root, 'network/cityflow.yaml'))).toBe(true);
  expect(existsSync(path.join(root, config.beforePack))).toBe(true);
  expect(config.mac.binaries).toEqual(['Contents/Resources/cityflow/bin/node']);
});

test('of the modules that cannot be bundled, all they need comes along and nothing else', () => {
  const packages = new Set<string>();
  const visit = (name: string): void => {
    if (packages.has(name)) return;
    packages.add(name);
    const { dependencies = {} } = JSON.parse(read(`node_modules/${name}/package.json`)) as {
      dependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(dependencies)) visit(dependency);
  };
  visit('classic-level');
  visit('dockerode');
  const filter = config.extraResources.find(({ from }) => from === 'node_modules')?.filter ?? [];
  const packed = filter.filter((pattern) => !pattern.startsWith('!'));
  expect(packed.sort()).toEqual([...packages].map((name) => `${name}/**`).sort());
});

test('packages for the systems that are supported', () => {
  expect(config.linux.target).toEqual(['deb', 'AppImage']);
  expect(config.mac.target).toEqual(['dmg']);
});

/** Electron supports its three newest majors; raised by whoever updates, at the latest when this one is not current. */
const CURRENT_ELECTRON_MAJOR = 45;

test('Electron is one exact version of a supported major', () => {
  const version = manifest.devDependencies['electron'] ?? '';
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(CURRENT_ELECTRON_MAJOR - 2);
});

test('the packages’ icon is there, large enough for every system, and the pages have the same', () => {
  const png = readFileSync(path.join(root, 'resources/icon.png'));
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  // The header chunk begins with width and height; electron-builder makes the other formats from 1024.
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 1024]);
  expect(read('resources/icon.svg')).toBe(read('renderer/public/icon.svg'));
});
