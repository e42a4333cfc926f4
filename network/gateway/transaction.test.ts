import { status, type ServiceError } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { expect, test } from 'vitest';
import type { NodeAddress } from '../admin/node-connection';
import type { Signer } from '../protocol/signing';
import type { GatewayConnections } from './connections';
import { GatewayTransactions } from './transaction';

const peers = ['peer0', 'peer1'].map((name) => ({ name }) as NodeAddress);
const call = { channelId: 'goods', contract: 'goods', functionName: 'Get', args: [] };
const signer = { mspId: 'AlphaMSP' } as Signer;

const unavailable = () =>
  new GatewayError({
    code: status.UNAVAILABLE,
    details: [],
    cause: Object.assign(new Error('dropped'), { details: 'Connection dropped' }) as ServiceError,
  });

/** Gateways that cannot be reached for their first calls, in the order of their asking. */
function transactions(fails: number) {
  const asked: string[] = [];
  const gateway = ({ name }: NodeAddress) => {
    const proposal = {
      getBytes: () => new Uint8Array(),
      evaluate: () => {
        asked.push(name);
        return asked.length <= fails ? Promise.reject(unavailable()) : Promise.resolve(Buffer.from(name));
      },
    };
    const network = { getContract: () => ({ newProposal: () => proposal }) };
    return { getNetwork: () => network, newProposal: () => proposal };
  };
  const connections = { gateway, isReady: () => true, nodes: {} } as unknown as GatewayConnections;
  return { asked, run: new GatewayTransactions(connections, () => peers) };
}

test('a call that broken connections of all peers cost is made once more at each', async () => {
  const { asked, run } = transactions(3);
  expect((await run.evaluate(signer, call)).gatewayPeer).toBe('peer1');
  expect(asked).toEqual(['peer0', 'peer1', 'peer0', 'peer1']);
});

test('peers that stay away are told after that', async () => {
  const { asked, run } = transactions(100);
  await expect(run.evaluate(signer, call)).rejects.toMatchObject({
    code: status.UNAVAILABLE,
    gatewayPeer: 'peer0',
  });
  expect(asked).toHaveLength(4);
});
