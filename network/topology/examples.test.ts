import path from 'node:path';
import { expect, test } from 'vitest';
import { loadTopology } from './load';
import { ordererNodes } from './views';
import type { Topology } from './schema';

const network = path.join(import.meta.dirname, '..');

const withoutOrderers = (topology: Topology) => ({
  ...topology,
  organizations: topology.organizations.filter(({ kind }) => kind !== 'orderer'),
});

test.each([
  ['three-orderers.yaml', 3],
  ['five-orderers.yaml', 5],
])('%s is the shipped network with %i orderers', async (file, count) => {
  const [shipped, example] = await Promise.all([
    loadTopology(path.join(network, 'cityflow.yaml')),
    loadTopology(path.join(network, 'examples', file)),
  ]);
  expect(ordererNodes(example)).toHaveLength(count);
  expect(ordererNodes(example)).toEqual(expect.arrayContaining(ordererNodes(shipped)));
  expect(withoutOrderers(example)).toEqual(withoutOrderers(shipped));
});
