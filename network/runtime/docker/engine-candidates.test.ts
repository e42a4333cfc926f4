import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { engineCandidates } from './engine-candidates';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-engine-'));
});
afterEach(() => rm(home, { recursive: true }));

const found = (variables: NodeJS.ProcessEnv = {}, platform: NodeJS.Platform = 'linux') =>
  engineCandidates({ variables, homeFolder: home, platform });

async function makeContext(name: string, host: string): Promise<void> {
  const folder = createHash('sha256').update(name).digest('hex');
  const meta = path.join(home, '.docker', 'contexts', 'meta', folder);
  await mkdir(meta, { recursive: true });
  await writeFile(
    path.join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
}

test('DOCKER_HOST is the only one that is tried', async () => {
  await makeContext('desktop', 'unix:///desktop.sock');
  const address = 'tcp://127.0.0.1:2375';
  expect(await found({ DOCKER_HOST: address, DOCKER_CONTEXT: 'desktop' })).toEqual([
    { source: 'DOCKER_HOST', address, isChosen: true },
  ]);
});

test('then the context in use, named by the environment or by the configuration', async () => {
  await makeContext('desktop', 'unix:///desktop.sock');
  const desktop = { source: 'docker context "desktop"', address: 'unix:///desktop.sock', isChosen: true };
  expect(await found({ DOCKER_CONTEXT: 'desktop' })).toEqual([desktop]);
  await writeFile(path.join(home, '.docker', 'config.json'), JSON.stringify({ currentContext: 'desktop' }));
  expect(await found()).toEqual([desktop]);
});

test('else the sockets of the user’s own engines come before the system’s', async () => {
  const sources = (await found({ XDG_RUNTIME_DIR: '/run/user/1' })).map(({ source }) => source);
  expect(sources[0]).toBe('rootless engine');
  expect(sources.at(-1)).toBe('default socket');
  expect(await found({}, 'win32')).toMatchObject([{ address: 'npipe:////./pipe/docker_engine' }]);
});

test.each([{ DOCKER_CONTEXT: 'gone' }, {}])(
  'a chosen context that is missing is a refusal (%o)',
  async (variables) => {
    await mkdir(path.join(home, '.docker'), { recursive: true });
    await writeFile(path.join(home, '.docker', 'config.json'), JSON.stringify({ currentContext: 'gone' }));
    expect(await found(variables)).toEqual([
      {
        source: 'docker context "gone"',
        address: path.join(home, '.docker', 'contexts', 'meta'),
        isChosen: true,
        refusal: expect.stringContaining('there is no such context') as string,
      },
    ]);
  },
);

test.each(['not json', '{"currentContext":"default"}'])(
  'a configuration of %s leaves the sockets',
  async (text) => {
    await mkdir(path.join(home, '.docker'), { recursive: true });
    await writeFile(path.join(home, '.docker', 'config.json'), text);
    expect((await found()).at(-1)).toMatchObject({ source: 'default socket', isChosen: false });
  },
);
