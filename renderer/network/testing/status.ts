import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';

/** A network of one orderer, two organizations with two peers each, one channel and its contract; all is well. */
export function aStatus(change: Partial<NetworkStatus> = {}): NetworkStatus {
  return {
    network: 'testnet',
    runtime: 'embedded',
    state: 'running',
    folder: '/nowhere/testnet',
    nodes: [
      aNode('orderer.test', { role: 'orderer', organization: 'Ordering' }),
      ...['Alpha', 'Beta'].flatMap((organization) =>
        ['peer0', 'peer1'].map((peer) =>
          aNode(`${peer}.${organization.toLowerCase()}.test`, { organization }),
        ),
      ),
      aNode('goods.alpha.test', {
        role: 'contract',
        organization: 'Alpha',
        program: 'contract',
        operations: null,
        channels: [],
        contract: { name: 'goods', channel: 'goods-channel' },
      }),
    ],
    channels: [
      {
        name: 'goods-channel',
        members: ['Alpha', 'Beta'],
        height: '7',
        contract: { name: 'goods', version: '1.0', sequence: '1' },
        anchorPeers: ['peer0.alpha.test', 'peer0.beta.test'],
      },
    ],
    storeFaults: [],
    ...change,
  };
}

export function aNode(name: string, change: Partial<NodeStatus> = {}): NodeStatus {
  return {
    name,
    role: 'peer',
    organization: 'Alpha',
    mspId: 'AlphaMSP',
    program: 'embedded',
    state: 'running',
    address: 'localhost:1',
    operations: 'localhost:2',
    pid: 42,
    cpuPercent: 1,
    residentBytes: 80_000_000,
    drift: null,
    health: { status: 'ok', reasons: [] },
    channels: [{ name: 'goods-channel', height: '7', tipHash: 'ab'.repeat(32) }],
    contract: null,
    ...change,
  };
}

/** The status with one node changed. */
export function withNode(name: string, change: Partial<NodeStatus>): NetworkStatus {
  const status = aStatus();
  return {
    ...status,
    nodes: status.nodes.map((node) => (node.name === name ? { ...node, ...change } : node)),
  };
}
