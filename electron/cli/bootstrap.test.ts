import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const project = path.resolve(import.meta.dirname, '../..');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-bootstrap-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('packages are never installed through a link: that would empty somebody else’s folder', async () => {
  const [checkout, theirs] = [path.join(folder, 'checkout'), path.join(folder, 'theirs')];
  await mkdir(path.join(checkout, 'electron', 'cli'), { recursive: true });
  for (const file of ['electron/cli/bootstrap.mjs', 'electron/cli/start-mode.mjs', 'package-lock.json']) {
    await cp(path.join(project, file), path.join(checkout, file));
  }
  await mkdir(theirs);
  await writeFile(path.join(theirs, 'kept'), '');
  await symlink(theirs, path.join(checkout, 'node_modules'));
  const { status, stderr } = spawnSync(
    process.execPath,
    [path.join(checkout, 'electron/cli/bootstrap.mjs'), 'test'],
    // Without npm nothing can be installed, whatever this test finds.
    { encoding: 'utf8', env: { PATH: folder } },
  );
  expect(stderr).toContain(`node_modules is a link to ${theirs}`);
  expect(status).toBe(1);
  expect(await readdir(theirs)).toEqual(['kept']);
});
