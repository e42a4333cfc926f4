import { expect, test } from 'vitest';
import { declared, fakePorts } from '../fakes';
import type { ChannelConfiguration } from '../ports/fabric';
import { NetworkStatusService } from './network-status';

const configuration: ChannelConfiguration = {
  organizations: [
    { name: 'Alpha', mspId: 'AlphaMSP', anchorPeers: ['localhost:3'] },
    // Where nodes are reached by name, the configuration holds the name.
    { name: 'Beta', mspId: 'BetaMSP', anchorPeers: ['peer0.beta.test:5', 'elsewhere.test:5'] },
  ],
  ordererEndpoints: ['localhost:1'],
  blockCutting: { batchTimeoutMs: 1, maxMessageCount: 1, preferredMaxBytes: 1, absoluteMaxBytes: 1 },
  capabilities: { channel: [], orderer: [], application: [] },
  policies: {},
  genesisHash: null,
};

async function running(ask: () => Promise<ChannelConfiguration>) {
  const ports = fakePorts();
  for (const { name } of declared.nodes) await ports.host.start(name);
  return {
    host: ports.host,
    status: new NetworkStatusService(
      ports.host,
      ports.nodes,
      { ...ports.channels, configuration: ask },
      ports.metricsHistory,
      ports.faults,
    ),
  };
}

test('anchor peers are named as nodes, and what was known stays known while nobody answers', async () => {
  let asked = 0;
  const { status, host } = await running(() => {
    asked += 1;
    return Promise.resolve(configuration);
  });
  const anchors = async () => (await status.status()).channels[0]?.anchorPeers;
  expect(await anchors()).toEqual(['peer0.alpha.test', 'peer0.beta.test']);
  await host.down();
  expect(await anchors()).toEqual(['peer0.alpha.test', 'peer0.beta.test']);
  expect(asked).toBe(1);
});

test('anchor peers are not known until a peer has said', async () => {
  const { status } = await running(() => Promise.reject(new Error('nobody answers')));
  expect((await status.status()).channels[0]?.anchorPeers).toBeNull();
});

test('a contract process says what it runs, a peer how far it is and by which hash', async () => {
  const { status } = await running(() => Promise.resolve(configuration));
  const { nodes } = await status.status();
  expect(nodes.map(({ contract }) => contract)).toEqual([
    null,
    null,
    null,
    { name: 'goods', channel: 'goods-channel' },
  ]);
  expect(nodes[1]?.channels).toEqual([{ name: 'goods-channel', height: '3', tipHash: 'ab' }]);
  expect(nodes[3]?.channels).toEqual([]);
});
