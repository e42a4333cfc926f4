import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** The rules of dependency, read from the imports themselves. Test files may reach further. */
const root = path.resolve(import.meta.dirname, '..');

interface Rule {
  readonly folder: string;
  /** A folder within it that has a rule of its own. */
  readonly except?: string;
  /** Folders of this project it may import from, its own included. */
  readonly own: readonly string[];
  /** Packages it may import; undefined: any but those forbidden everywhere. */
  readonly packages?: readonly RegExp[];
  /** Only the desktop shell is run by Electron. */
  readonly shell?: true;
}

const NODE = /^node:/;

const features = readdirSync(path.join(root, 'renderer/features')).map((name) => `renderer/features/${name}`);

const rules: readonly Rule[] = [
  { folder: 'electron/api', own: ['electron/api'], packages: [/^zod$/] },
  { folder: 'electron/core', own: ['electron/api', 'electron/core'], packages: [/^zod$/, NODE] },
  { folder: 'electron/adapters', own: ['electron/api', 'electron/core', 'electron/adapters', 'network'] },
  {
    folder: 'electron/supervisor',
    own: ['electron/api', 'electron/core', 'electron/adapters', 'electron/supervisor'],
    packages: [/^zod$/, NODE],
  },
  {
    folder: 'electron/service',
    own: ['electron/api', 'electron/core', 'electron/service'],
    packages: [/^ws$/, NODE],
  },
  {
    folder: 'electron/cli',
    own: [
      'electron/api',
      'electron/core',
      'electron/adapters/store',
      'electron/supervisor',
      'electron/service',
      'electron/cli',
    ],
    packages: [/^commander$/, NODE],
  },
  {
    folder: 'electron/main',
    own: ['electron/api', 'electron/core', 'electron/adapters/store', 'electron/supervisor', 'electron/main'],
    packages: [/^zod$/, NODE],
    shell: true,
  },
  {
    folder: 'electron/preload',
    own: ['electron/api/desktop-bridge', 'electron/preload'],
    packages: [],
    shell: true,
  },
  {
    folder: 'renderer',
    except: 'renderer/e2e',
    own: ['renderer', 'electron/api'],
    packages: [/^react(-dom\/client)?$/, /^@tanstack\//, /^react-aria-components\//, /^recharts$/, /^zod$/],
  },
  {
    folder: 'renderer/e2e',
    own: [
      'renderer/e2e',
      'renderer/views',
      'electron/api',
      'electron/cli/testing',
      'electron/cli/start-mode.mjs',
    ],
    packages: [
      NODE,
      /^playwright(-core)?(\/(types\/)?test(Reporter)?)?$/,
      /^@axe-core\/playwright$/,
      /^zod$/,
    ],
  },
  // Shown by any view, so it knows none; it alone knows the component library.
  { folder: 'renderer/ui', own: ['renderer/ui', 'electron/api'] },
  // Drawn in more than one view, so it knows none.
  {
    folder: 'renderer/charts',
    own: ['renderer/charts', 'renderer/client', 'renderer/network', 'renderer/ui', 'electron/api'],
  },
  ...features.map((feature) => ({
    folder: feature,
    own: [
      feature,
      'renderer/charts',
      'renderer/client',
      'renderer/commands',
      'renderer/logs',
      'renderer/network',
      'renderer/ui',
      'renderer/search',
      'electron/api',
    ],
  })),
  { folder: 'network', own: ['network'] },
  { folder: 'network/protocol', own: ['network/protocol'] },
  { folder: 'network/topology', own: ['network/topology', 'network/protocol'] },
  {
    folder: 'network/ledger-index',
    own: ['network/ledger-index', 'network/protocol'],
    packages: [NODE, /^classic-level$/],
  },
  {
    folder: 'network/embedded',
    own: ['network/embedded', 'network/protocol'],
    packages: [
      NODE,
      /^@grpc\/grpc-js$/,
      /^@hyperledger\/fabric-protos$/,
      /^google-protobuf/,
      /^classic-level$/,
      /^busboy$/,
      /^zod$/,
      /^tar-stream$/,
    ],
  },
  {
    folder: 'chaincode',
    own: ['chaincode'],
    packages: [
      NODE,
      /^fabric-contract-api$/,
      /^fabric-shim/,
      /^reflect-metadata$/,
      /^@hyperledger\/fabric-protos/,
    ],
  },
];

function sourceFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !isTest(entry.name, entry.parentPath))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

const isTest = (name: string, folder: string) =>
  /\.(test|int\.test|long|bench)\.tsx?$/.test(name) ||
  name.endsWith('.d.ts') ||
  /^test(ing)?-/.test(name) ||
  /(^|\/)(testing|simulation|fixtures)(\/|$)/.test(path.relative(root, folder));

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

const within = (target: string, folders: readonly string[]) =>
  folders.some((folder) => target === folder || target.startsWith(`${folder}/`));

test.each(rules.map((rule) => [rule.folder, rule] as const))(
  '%s imports only what it may',
  (folder, rule) => {
    const files = sourceFiles(folder).filter((file) => !rule.except || !within(file, [rule.except]));
    expect(files.length).toBeGreaterThan(0);
    const wrong = files.flatMap((file) =>
      importsOf(file).flatMap((specifier) => {
        if (specifier.startsWith('.')) {
          const target = path.relative(root, path.resolve(root, path.dirname(file), specifier));
          return within(target, rule.own) ? [] : [`${file} imports ${target}`];
        }
        if (specifier === 'electron') return rule.shell ? [] : [`${file} imports electron`];
        return !rule.packages || rule.packages.some((allowed) => allowed.test(specifier))
          ? []
          : [`${file} imports ${specifier}`];
      }),
    );
    expect(wrong).toEqual([]);
  },
);

const mentions = (folder: string, word: RegExp): string[] =>
  sourceFiles(folder).filter((file) => word.test(readFileSync(path.join(root, file), 'utf8')));

test('one file alone touches ipcMain, one ipcRenderer, and no other the ways between page and shell', () => {
  const imported = (name: string) => new RegExp(`import\\s*\\{[^}]*\\b${name}\\b[^}]*\\}\\s*from 'electron'`);
  expect(mentions('electron', imported('ipcMain'))).toEqual(['electron/main/ipc.ts']);
  expect(mentions('electron', imported('ipcRenderer'))).toEqual(['electron/preload/preload.ts']);
  expect(mentions('electron', imported('contextBridge'))).toEqual(['electron/preload/preload.ts']);
  expect(mentions('electron/main', /\.webContents\.send\(/)).toEqual(['electron/main/ipc.ts']);
  expect(mentions('electron/main', /shell\.openExternal/)).toEqual(['electron/main/shell.ts']);
});

test('the component library is imported in renderer/ui only', () => {
  const wrong = sourceFiles('renderer').filter(
    (file) =>
      !file.startsWith('renderer/ui/') && importsOf(file).some((name) => name.startsWith('react-aria')),
  );
  expect(wrong).toEqual([]);
});

test('the chart library is imported by what draws charts only, which is loaded with the first of them', () => {
  const importing = sourceFiles('renderer').filter((file) => importsOf(file).includes('recharts'));
  expect(importing).toEqual(['renderer/charts/drawing.tsx']);
  const drawing = sourceFiles('renderer').flatMap((file) =>
    /(^|\n)import [^;]*from '\.\/drawing'/.test(readFileSync(path.join(root, file), 'utf8')) ? [file] : [],
  );
  expect(drawing).toEqual([]);
});
