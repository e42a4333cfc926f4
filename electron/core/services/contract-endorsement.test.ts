import { expect, test } from 'vitest';
import { createCore } from '../core';
import { fakePorts } from '../fakes';
import type { EndorsementPolicy } from '../ports/node-inspection';

/** Alpha and Beta both. */
const both: EndorsementPolicy = {
  text: "AND('AlphaMSP.peer', 'BetaMSP.peer')",
  satisfiedBy: (peers) => ['AlphaMSP', 'BetaMSP'].every((mspId) => (peers.get(mspId) ?? 0) > 0),
};

async function shown(policy: EndorsementPolicy, ...up: string[]) {
  const ports = fakePorts({ policies: { of: () => Promise.resolve(policy) } });
  for (const node of up) await ports.host.start(node);
  const client = createCore(ports, { networkDown: () => undefined }).openSession('viewer');
  const outcome = await client.call('contract.endorsement', { contract: 'goods' });
  if (!outcome.ok) throw new Error(outcome.problem.title);
  return outcome.value;
}

const everything = ['goods.alpha.test', 'peer0.alpha.test', 'peer0.beta.test'];

test('who is needed, and that they are up', async () => {
  expect(await shown(both, ...everything)).toMatchObject({
    policy: both.text,
    sufficient: [['AlphaMSP', 'BetaMSP']],
    organizations: [
      { name: 'Alpha', peers: 1, running: 1 },
      { name: 'Beta', peers: 1, running: 1 },
    ],
    canBeMet: true,
    reason: null,
  });
});

test('either of two is two sets of one, not the set of both', async () => {
  const either = { text: 'OR', satisfiedBy: (peers: ReadonlyMap<string, number>) => peers.size > 0 };
  expect((await shown(either, ...everything)).sufficient).toEqual([['AlphaMSP'], ['BetaMSP']]);
});

test('whose peers are missing', async () => {
  expect(await shown(both, 'goods.alpha.test', 'peer0.alpha.test')).toMatchObject({
    canBeMet: false,
    reason: 'No peer of Beta is up.',
  });
});

test('without the process of the contract nobody endorses', async () => {
  const { canBeMet, reason } = await shown(both, 'peer0.alpha.test', 'peer0.beta.test');
  expect(canBeMet).toBe(false);
  expect(reason).toContain('goods.alpha.test');
});
