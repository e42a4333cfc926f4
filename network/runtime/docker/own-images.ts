import { execFile } from 'node:child_process';
import { access, readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { ContextFile, ImageRecipe } from './image-build';

/** Where the programs of this project lie. */
export interface ProgramSources {
  /** Folder with peer.cjs, orderer.cjs and contract-NAME.cjs. */
  readonly programsFolder: string;
}

const PROGRAMS = '/opt/cityflow';

/** Embedded nodes: two bundles, and the one library of theirs that carries a native binary. */
export async function embeddedImage(base: string, { programsFolder }: ProgramSources): Promise<ImageRecipe> {
  const programs = ['peer.cjs', 'orderer.cjs'].map((name) => ({
    name,
    file: path.join(programsFolder, name),
  }));
  return {
    repository: 'cityflow/embedded-node',
    dockerfile: `FROM ${base}\nCOPY . ${PROGRAMS}/\nWORKDIR ${PROGRAMS}\n`,
    files: [...programs, ...(await packageFiles('classic-level', programsFolder))],
  };
}

export async function contractsImage(base: string, { programsFolder }: ProgramSources): Promise<ImageRecipe> {
  const names = (await readdir(programsFolder))
    .filter((name) => /^contract-[a-z0-9-]+\.cjs$/.test(name))
    .sort();
  return {
    repository: 'cityflow/contracts',
    dockerfile: `FROM ${base}\nCOPY . ${PROGRAMS}/\nWORKDIR ${PROGRAMS}\n`,
    files: names.map((name) => ({ name, file: path.join(programsFolder, name) })),
  };
}

/**
 * This machine's own Node with the shared libraries it names, on nothing: for machines that can pull nothing.
 * @returns undefined where its programs could not run in the engine's containers
 */
export async function hostNodeImage(platform: string): Promise<ImageRecipe | undefined> {
  const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
  if (process.platform !== 'linux' || platform !== `linux/${architectures[process.arch] ?? process.arch}`) {
    return undefined;
  }
  const libraries = await sharedLibraries(process.execPath);
  return {
    repository: 'cityflow/node',
    dockerfile: ['FROM scratch', 'COPY . /', 'ENV PATH=/usr/local/bin', ''].join('\n'),
    files: [
      { name: 'usr/local/bin/node', file: process.execPath, isProgram: true },
      ...libraries.map((file) => ({ name: file.slice(1), file, isProgram: true })),
      { name: 'etc/passwd', text: 'root:x:0:0:root:/root:/sbin/nologin\n' },
      { name: 'etc/nsswitch.conf', text: 'hosts: files dns\n' },
      { name: 'tmp/.keep', text: '' },
    ],
  };
}

/** Absolute paths, as the program's loader names them. */
async function sharedLibraries(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ldd', [program]);
  return stdout
    .split('\n')
    .map((line) => /(?:=> )?(\/[^ ]+) \(0x/.exec(line)?.[1])
    .filter((file) => file !== undefined);
}

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
});

/** All files of a package and of what it depends on, laid out flat as in node_modules. */
async function packageFiles(name: string, from: string): Promise<ContextFile[]> {
  const folders = new Map<string, string>();
  const collect = async (wanted: string, origin: string): Promise<void> => {
    if (folders.has(wanted)) return;
    const folder = await packageFolder(wanted, origin);
    folders.set(wanted, folder);
    const manifest = manifestSchema.parse(
      JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')),
    );
    for (const dependency of Object.keys(manifest.dependencies).sort()) await collect(dependency, folder);
  };
  await collect(name, from);
  const listed = await Promise.all(
    [...folders].map(async ([packageName, folder]) =>
      (await filesBelow(folder)).map((file) => ({
        name: `node_modules/${packageName}/${path.relative(folder, file).split(path.sep).join('/')}`,
        file,
      })),
    ),
  );
  return listed.flat();
}

/** Looked for as Node does; some packages share their name with a module of Node's own, which would be found first. */
async function packageFolder(name: string, origin: string): Promise<string> {
  for (let place = origin; ; place = path.dirname(place)) {
    const folder = path.join(place, 'node_modules', name);
    const isThere = await access(path.join(folder, 'package.json')).then(
      () => true,
      () => false,
    );
    if (isThere) return realpath(folder);
    if (path.dirname(place) === place)
      throw new Error(`the package ${name} is not installed beside ${origin}`);
  }
}

/** Sources of native code, its tests and its documentation stay behind; packages of packages are listed themselves. */
const LEFT_OUT = new Set(['node_modules', 'deps', 'test', 'docs', 'benchmark']);
const isForeignBinary = (file: string): boolean =>
  file.includes(`${path.sep}prebuilds${path.sep}`) && !file.includes(`${path.sep}linux-`);

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries
      .filter((entry) => !LEFT_OUT.has(entry.name))
      .map((entry) => {
        const file = path.join(folder, entry.name);
        return entry.isDirectory() ? filesBelow(file) : Promise.resolve([file]);
      }),
  );
  return nested
    .flat()
    .filter((file) => !isForeignBinary(file))
    .sort();
}
