import { status as Code } from '@grpc/grpc-js';
import { CommitError, EndorseError, GatewayError, type Contract } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CHANNEL, CONTRACT, TestNetwork, type GatewayConnection } from './testing/network';

let network: TestNetwork;
let quay: GatewayConnection;
let contract: Contract;
const decoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

beforeAll(async () => {
  network = await TestNetwork.start();
  await network.joinAll();
  await network.startChaincode();
  await network.deploy();
  quay = await network.connect('Quay', 'User1', 'peer0.quay.example');
  contract = quay.gateway.getNetwork(CHANNEL).getContract(CONTRACT);
  // A peer tells the others what it runs within a second of the commit.
  await vi.waitFor(() => contract.submitTransaction('put', 'B0', 'free'), { timeout: 15_000, interval: 200 });
});

afterAll(async () => {
  quay?.close();
  await network?.close();
});

async function failure(call: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayError)) throw new Error(`expected a GatewayError, got ${String(error)}`);
  return error;
}

describe('the gateway', () => {
  it('submits with endorsements of both organizations and reads the result back', async () => {
    await contract.submitTransaction('put', 'B1', 'taken');
    expect(decoded(await contract.evaluateTransaction('get', 'B1'))).toBe('taken');
  });

  it("passes a chaincode's own error on with the peer that said it", async () => {
    const error = await failure(contract.evaluateTransaction('get', 'nowhere'));
    expect(error.code).toBe(Code.UNKNOWN);
    expect(error.details).toEqual([
      {
        address: network.clients.directory.node('peer0.quay.example').address,
        mspId: 'QuayMSP',
        message: 'chaincode response 500, BERTH_NOT_FOUND: nowhere',
      },
    ]);
  });

  it('tells which peers gave another result', async () => {
    const error = await failure(contract.submitTransaction('differ', 'B2'));
    expect(error).toBeInstanceOf(EndorseError);
    expect(error.code).toBe(Code.ABORTED);
    expect(error.details.map(({ mspId, message }) => ({ mspId, message }))).toEqual([
      { mspId: 'CraneMSP', message: 'ProposalResponsePayloads do not match' },
    ]);
  });

  it('reports a read conflict as the committed outcome', async () => {
    await contract.submitTransaction('increment', 'counter');
    const outcomes = await Promise.allSettled([
      contract.submitTransaction('increment', 'counter'),
      contract.submitTransaction('increment', 'counter'),
    ]);
    const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of rejected) {
      expect(reason).toBeInstanceOf(CommitError);
      expect((reason as CommitError).code).toBe(11);
    }
    const committed = outcomes.length - rejected.length;
    expect(decoded(await contract.evaluateTransaction('get', 'counter'))).toBe(String(1 + committed));
  });

  it('endorsing organizations that miss the policy are ordered and then invalid', async () => {
    const proposal = contract.newProposal('put', {
      arguments: ['B3', 'free'],
      endorsingOrganizations: ['QuayMSP'],
    });
    const submitted = await (await proposal.endorse()).submit();
    expect((await submitted.getStatus()).code).toBe(10);
  });

  it('refuses a user of no member organization, and an unknown channel', async () => {
    const stranger = await network.connect('Pilots', 'Admin', 'peer0.quay.example');
    try {
      const foreign = stranger.gateway.getNetwork(CHANNEL).getContract(CONTRACT);
      const error = await failure(foreign.evaluateTransaction('get', 'B0'));
      expect(error.code).toBe(Code.FAILED_PRECONDITION);
      expect(error.details[0]?.message).toContain(
        'implicit policy evaluation failed - 0 sub-policies were satisfied',
      );
    } finally {
      stranger.close();
    }
    const elsewhere = quay.gateway.getNetwork('no-such-channel').getContract(CONTRACT);
    expect((await failure(elsewhere.evaluateTransaction('get', 'B0'))).code).toBe(Code.UNAVAILABLE);
    const unknown = quay.gateway.getNetwork(CHANNEL).getContract('no-such-chaincode');
    const missing = await failure(unknown.submitTransaction('get'));
    expect(missing.code).toBe(Code.FAILED_PRECONDITION);
    expect(missing.message).toContain('No metadata was found for chaincode no-such-chaincode');
  });

  it('streams the events of valid transactions, from a block and after a transaction', async () => {
    const net = quay.gateway.getNetwork(CHANNEL);
    const first = await contract.submitAsync('put', { arguments: ['E1', 'x'] });
    const { blockNumber } = await first.getStatus();
    await contract.submitTransaction('put', 'E2', 'y');
    const events = await net.getChaincodeEvents(CONTRACT, { startBlock: blockNumber });
    const seen: string[] = [];
    for await (const { eventName, payload } of events) {
      seen.push(`${eventName} ${decoded(payload)}`);
      if (seen.length === 2) break;
    }
    events.close();
    expect(seen).toEqual(['Changed E1', 'Changed E2']);

    const after = await net.getChaincodeEvents(CONTRACT, {
      checkpoint: { getBlockNumber: () => blockNumber, getTransactionId: () => first.getTransactionId() },
    });
    for await (const { payload } of after) {
      expect(decoded(payload)).toBe('E2');
      break;
    }
    after.close();
  });
});

describe('deliver', () => {
  it('streams whole and filtered blocks, and blocks with private data', async () => {
    const net = quay.gateway.getNetwork(CHANNEL);
    const blocks = await net.getBlockEvents({ startBlock: 0n });
    const numbers: number[] = [];
    for await (const block of blocks) {
      numbers.push(block.getHeader()?.getNumber() ?? -1);
      if (numbers.length === 3) break;
    }
    blocks.close();
    expect(numbers).toEqual([0, 1, 2]);

    const filtered = await net.getFilteredBlockEvents({ startBlock: 3n });
    for await (const block of filtered) {
      const [transaction] = block.getFilteredTransactionsList();
      expect(block.getChannelId()).toBe(CHANNEL);
      const [action] = transaction?.getTransactionActions()?.getChaincodeActionsList() ?? [];
      expect(action?.getChaincodeEvent()?.getEventName()).toBe('Changed');
      expect(action?.getChaincodeEvent()?.getPayload_asU8()).toHaveLength(0);
      break;
    }
    filtered.close();

    // Block 1 holds the approvals: private data of each organization.
    const both = await net.getBlockAndPrivateDataEvents({ startBlock: 1n });
    for await (const event of both) {
      const collections = event
        .getPrivateDataMapMap()
        .toArray()
        .flatMap(([, set]) => set).length;
      expect(collections).toBeGreaterThan(0);
      break;
    }
    both.close();
  });
});

describe('a peer that stops', () => {
  it('is replaced by the other peer of its organization', async () => {
    const other = await network.connect('Crane', 'User1', 'peer0.crane.example');
    try {
      const craneContract = other.gateway.getNetwork(CHANNEL).getContract(CONTRACT);
      await network.stopPeer('peer0.quay.example');
      await craneContract.submitTransaction('put', 'F1', 'while peer0 was down');
      await network.startPeer('peer0.quay.example');
      await expect
        .poll(async () => new Set(Object.values(await network.heights())).size, { timeout: 10_000 })
        .toBe(1);
      await expect
        .poll(() => contract.evaluateTransaction('get', 'F1').then(decoded, String), { timeout: 10_000 })
        .toBe('while peer0 was down');
    } finally {
      other.close();
    }
  });

  it('an orderer that stops is found again', async () => {
    await network.stopOrderer();
    const error = await failure(contract.submitTransaction('put', 'O1', 'x'));
    expect(error.code).toBe(Code.UNAVAILABLE);
    expect(error.message).toContain('no orderers could successfully process transaction');
    expect(error.details[0]?.mspId).toBe('PilotsMSP');
    await network.startOrderer();
    await expect
      .poll(() => contract.submitTransaction('put', 'O1', 'x').then(() => '', String), { timeout: 15_000 })
      .toBe('');
  });
});
