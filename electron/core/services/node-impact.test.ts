import { expect, test } from 'vitest';
import { FakeHost, declared } from '../fakes';
import type { DeclaredNetwork } from '../ports/network-host';
import { NodeImpactService } from './node-impact';

const peer = (name: string, organization: string): DeclaredNetwork['nodes'][number] => ({
  name,
  role: 'peer',
  organization,
  mspId: `${organization}MSP`,
  address: `localhost:${name.length}`,
  operations: null,
});

/** Two peers of Alpha, one of Beta and one of Gamma; Alpha and one of the others must endorse. */
const network: DeclaredNetwork = {
  ...declared,
  organizations: [...declared.organizations, { name: 'Gamma', mspId: 'GammaMSP' }],
  nodes: [...declared.nodes, peer('peer1.alpha.test', 'Alpha'), peer('peer0.gamma.test', 'Gamma')],
  channels: [{ name: 'goods-channel', members: ['Alpha', 'Beta', 'Gamma'] }],
};
const policy = {
  text: 'Alpha and one of (Beta, Gamma)',
  satisfiedBy: (peers: ReadonlyMap<string, number>) =>
    (peers.get('AlphaMSP') ?? 0) > 0 && (peers.get('BetaMSP') ?? 0) + (peers.get('GammaMSP') ?? 0) > 0,
};

async function service(
  without: readonly string[] = [],
  of = () => Promise.resolve(policy),
  state: 'stopped' | 'paused' = 'stopped',
) {
  const host = new FakeHost();
  host.declared = () => network;
  host.runs = () =>
    Promise.resolve(
      network.nodes.map(({ name, role }) => ({
        name,
        program: role === 'contract' ? ('contract' as const) : ('embedded' as const),
        state: without.includes(name) ? state : ('running' as const),
        pid: null,
        reason: '',
      })),
    );
  return Promise.resolve(new NodeImpactService(host, { of }));
}

const impactOf = async (node: string, without: readonly string[] = []) => {
  const { effect, effects, summary } = await (await service(without)).impact(node, 'stop');
  return { effect, reasons: effects.map(({ reason }) => reason).join(' '), summary };
};

test('the only orderer: commits stop on every channel, reading goes on', async () => {
  const { effect, reasons, summary } = await impactOf('orderer.test');
  expect(effect).toBe('breaks');
  expect(reasons).toContain('only orderer');
  expect(summary).toBe('Without orderer.test, commits on goods-channel stop.');
});

test('the one process of a contract: nothing of it can be called', async () => {
  expect(await impactOf('goods')).toMatchObject({ effect: 'breaks' });
});

test('one of two peers of an organization that must endorse: it hangs on the other one', async () => {
  const { effect, reasons } = await impactOf('peer0.alpha.test');
  expect(effect).toBe('weakens');
  expect(reasons).toContain('the one peer of Alpha that is left');
});

test('the last peer of an organization that must endorse', async () => {
  const { effect, reasons } = await impactOf('peer0.alpha.test', ['peer1.alpha.test']);
  expect(effect).toBe('breaks');
  expect(reasons).toContain('Alpha and one of (Beta, Gamma)');
});

test('the last peer of an organization that another can replace: nobody can act as it', async () => {
  const { effect, reasons } = await impactOf('peer0.beta.test');
  expect(effect).toBe('weakens');
  expect(reasons).toContain('nobody can act as Beta');
});

test('what is broken already or not running changes nothing', async () => {
  const already = await impactOf('peer0.alpha.test', ['peer0.beta.test', 'peer0.gamma.test']);
  expect(already.reasons).toContain('cannot be endorsed now already');
  const down = await impactOf('peer0.beta.test', ['peer0.beta.test']);
  expect(down).toEqual({
    effect: 'goes on',
    reasons: '',
    summary: 'peer0.beta.test is not running: nothing changes.',
  });
});

test.each([
  ['recreate', 'until it is back'],
  ['pause', 'until it is resumed'],
  ['remove', 'is weaker.'],
] as const)('%s says until when', async (action, words) => {
  expect((await (await service()).impact('peer0.alpha.test', action)).summary).toContain(words);
});

test('of a node that is paused already nothing more is lost', async () => {
  const impacts = await service(['peer0.alpha.test'], undefined, 'paused');
  expect(await impacts.impact('peer0.alpha.test', 'remove')).toMatchObject({
    effect: 'goes on',
    summary: 'peer0.alpha.test is paused and answers nothing already: nothing changes.',
  });
});

test('a policy nobody can tell is no promise that all goes on', async () => {
  const unknown = await service([], () => Promise.reject(new Error('no peer answers')));
  expect((await unknown.impact('peer0.alpha.test', 'kill')).effect).toBe('weakens');
});
