import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

interface Staging {
  readonly distribution: string | undefined;
  readonly project: string;
  readonly platform: string;
  readonly arch: string;
}
// Plain JavaScript, because electron-builder loads it as it is.
const { stageNode } = (await import(path.join(import.meta.dirname, 'stage-node.mjs'))) as {
  stageNode: (staging: Staging) => void;
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-stage-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A distribution whose `node` says what it is told to. */
async function distribution(says: readonly [arch: string, version: string]): Promise<string> {
  const root = path.join(folder, 'node');
  await mkdir(path.join(root, 'bin'), { recursive: true });
  const program = path.join(root, 'bin', 'node');
  await writeFile(program, `#!/bin/sh\nprintf '%s' '${JSON.stringify(says)}'\n`);
  await chmod(program, 0o755);
  await writeFile(path.join(root, 'LICENSE'), 'licence');
  return root;
}

const staging = (change: Partial<Staging>): Staging => ({
  distribution: undefined,
  project: folder,
  platform: process.platform,
  arch: 'x64',
  ...change,
});

test('the Node named goes into the package with its licence', async () => {
  stageNode(staging({ distribution: await distribution(['x64', '22.12.0']) }));
  expect((await stat(path.join(folder, 'out', 'node', 'node'))).mode & 0o777).toBe(0o755);
  expect(await readFile(path.join(folder, 'out', 'node', 'LICENSE'), 'utf8')).toBe('licence');
});

test('none named, an incomplete one, one for another machine and one too old are refused in words', async () => {
  expect(() => stageNode(staging({}))).toThrow('CITYFLOW_NODE_DIST is not set');
  expect(() => stageNode(staging({ distribution: folder }))).toThrow('has no bin');
  const other = await distribution(['arm64', '22.12.0']);
  expect(() => stageNode(staging({ distribution: other }))).toThrow('for arm64');
  const old = await distribution(['x64', '20.18.9']);
  expect(() => stageNode(staging({ distribution: old }))).toThrow('Node 20.18.9');
});
