import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DockerOpener } from './docker-opener';
import { LocalNetwork } from './local-network';
import { ProcessOpener } from './process-opener';

const repository = path.join(import.meta.dirname, '../../..');

let root = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'cityflow-orderers-'));
});
afterEach(() => rm(root, { recursive: true }));

/** The example, to be run with embedded programs. */
async function withOrderers(count: string): Promise<LocalNetwork> {
  const example = path.join(repository, 'network/examples', `${count}-orderers.yaml`);
  const topologyFile = path.join(root, 'topology.yaml');
  await writeFile(topologyFile, `${await readFile(example, 'utf8')}\ndocker: { images: embedded }\n`);
  const folder = path.join(root, 'network');
  return LocalNetwork.open({ network: 'test', folder, topologyFile, programs: path.join(repository, 'out') });
}

test.each([
  ['three', 3],
  ['five', 5],
])('%s orderers are refused on embedded programs before anything is made', async (word, count) => {
  const network = await withOrderers(word);
  const refusal = {
    problem: {
      code: 'TOPOLOGY_INVALID',
      title: `The topology has ${count} orderers, and an embedded orderer orders alone.`,
    },
  };
  const options = { runtime: 'embedded', native: [] } as const;
  await expect(new ProcessOpener(network).programs(options)).rejects.toMatchObject(refusal);
  await expect(async () => new DockerOpener(network).programs()).rejects.toMatchObject(refusal);
  expect(existsSync(network.location.folder)).toBe(false);
});
