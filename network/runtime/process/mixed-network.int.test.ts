import { X509Certificate } from 'node:crypto';
import { msp, peer, type common } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import {
  blockData,
  blockHeader,
  blockHeaderHash,
  commitHash,
  transactionsFilter,
} from '../../protocol/block';
import { parseEnvelope } from '../../protocol/envelope';
import { asProcesses, CityNetwork, missingForNetwork } from '../testing/city-network';

const mixes = [
  {
    title: 'genuine peers under an embedded orderer',
    isGenuine: (node: string) => node.startsWith('peer1.'),
  },
  {
    title: 'embedded peers under a genuine orderer',
    isGenuine: (node: string) => !node.startsWith('peer0.'),
  },
];

describe.each(mixes)('$title', ({ isGenuine }) => {
  const missing = missingForNetwork(true);
  let network: CityNetwork;

  beforeAll(async () => {
    if (missing !== undefined) return;
    network = await CityNetwork.create(asProcesses(isGenuine));
    await network.bringUp();
  });

  afterAll(async () => {
    if (missing === undefined) await network.dispose();
  });

  beforeEach((context: TestContext) => {
    if (missing !== undefined) context.skip(missing);
  });

  /** Every block of a channel up to a number, as one peer committed it. */
  async function blocksOf(peerName: string, channelId: string, to: number): Promise<common.Block[]> {
    const { deliver, directory } = network.clients;
    const blocks: common.Block[] = [];
    const admin = await directory.adminOfNode(peerName);
    for await (const block of deliver.peerBlocks(directory.node(peerName), admin, channelId, {
      from: 0,
      to,
    })) {
      blocks.push(block);
    }
    return blocks;
  }

  it('commit the same chain, and both kinds endorsed it', async () => {
    const { transactions, directory } = network.clients;
    const registrar = await directory.signer('UserService', 'registrar');
    const channelId = 'user-channel';
    const submits = ['ada', 'grace', 'ada'].map((userId, index) =>
      transactions.submit(registrar, {
        channelId,
        contract: 'user',
        functionName: 'RegisterUser',
        args: [userId, `User ${index}`, 'driver'],
      }),
    );
    const outcomes = await Promise.all(submits);
    // Two of them register the same user from the same state: the later one in the block is invalid on every peer.
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['invalid', 'valid', 'valid']);
    const last = Math.max(...outcomes.map((outcome) => ('blockNumber' in outcome ? outcome.blockNumber : 0)));

    const chains = await Promise.all(
      directory.peersOfChannel(channelId).map(async ({ name }) => {
        const blocks = await blocksOf(name, channelId, last);
        return { name, blocks, identity: blocks.map(identityOf) };
      }),
    );
    const [first] = chains;
    for (const { name, identity } of chains)
      expect({ name, identity }).toEqual({ name, identity: first?.identity });

    const endorsers = new Set(first?.blocks.flatMap(endorsersOf));
    const kinds = new Set([...endorsers].map(isGenuine));
    expect(kinds).toEqual(new Set([true, false]));
  });
});

/** What makes a block the same on two peers; its bytes may differ in the orderer's signatures. */
function identityOf(block: common.Block): string {
  return [blockHeaderHash(blockHeader(block)), transactionsFilter(block), commitHash(block)]
    .map((bytes) => Buffer.from(bytes).toString('hex'))
    .join(' ');
}

/** Names of the nodes whose certificates signed the endorsements in a block. */
function endorsersOf(block: common.Block): string[] {
  return blockData(block).flatMap((bytes) => {
    const { channelHeader, data } = parseEnvelope(bytes);
    if (channelHeader.getTxId() === '' || blockHeader(block).getNumber() === 0) return [];
    return peer.Transaction.deserializeBinary(data)
      .getActionsList()
      .flatMap(
        (action) =>
          peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8())
            .getAction()
            ?.getEndorsementsList() ?? [],
      )
      .map((endorsement) => {
        const identity = msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8());
        const { subject } = new X509Certificate(Buffer.from(identity.getIdBytes_asU8()));
        return /^CN=(.+)$/m.exec(subject)?.[1] ?? subject;
      });
  });
}
