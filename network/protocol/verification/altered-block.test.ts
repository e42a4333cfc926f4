import { common, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { genuineChain } from '../../embedded/peer/commit/genuine-chain';
import {
  blockData,
  blockHeader,
  blockHeaderHash,
  blockMetadata,
  channelIdOfBlock,
  commitHash,
  configEnvelopeFromBlock,
  isConfigBlock,
  transactionsFilter,
} from '../block';
import { ChannelConfig } from '../channel-config';
import { createEnvelope, parseEnvelope } from '../envelope';
import { createAuthority } from '../fixtures/authority';
import { createSigner, type Signer } from '../signing';
import { ChainVerifier } from './chain-verifier';
import { MemoryPins } from './genesis-pins';
import { ReportBuilder, verifyChain, type ChainReport } from './report';
import {
  alterAction,
  committedBlock,
  copyOf,
  envelopeAt,
  OwnMembers,
  setMetadata,
  signAsOrderer,
  withData,
  writeTransaction,
  type TransactionParts,
} from './testing/own-members';
import type { VerifiedBlock } from './verified';

const CHANNEL = 'parking-channel';
const chain = genuineChain();
const blockOf = (number: number): common.Block => copyOf(chain[number] ?? new common.Block());
const { SIGNATURES, TRANSACTIONS_FILTER, COMMIT_HASH, LAST_CONFIG, ORDERER } = common.BlockMetadataIndex;

const found = ({ anomalies }: ChainReport): string[] =>
  anomalies.map(({ block, transaction, check }) =>
    transaction === undefined ? `${block} ${check}` : `${block}:${transaction.position} ${check}`,
  );

async function verify(blocks: readonly common.Block[], channelId = CHANNEL): Promise<ChainReport> {
  const pins = new MemoryPins();
  await pins.pin(channelId, blockHeaderHash(blockHeader(blockOf(0))));
  return verifyChain({ channelId, blocks: blocks.map((block) => block.serializeBinary()), pins });
}

/** What contradicts the ledger once a block of the genuine chain has been altered, the two behind it included. */
async function altered(number: number, alter: (block: common.Block) => void): Promise<string[]> {
  const blocks = chain.slice(0, number + 3).map(copyOf);
  const block = blocks[number];
  if (block === undefined) throw new RangeError(`there is no block ${number}`);
  alter(block);
  return found(await verify(blocks));
}

const flipLast = (bytes: Uint8Array): Uint8Array => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(copy.length - 1) ^ 1, copy.length - 1);
  return copy;
};

describe('one thing altered in a block of genuine nodes', () => {
  it('data: transactions in another order', async () => {
    const swap = (block: common.Block): void => {
      const [first, second, ...others] = blockData(block);
      if (first === undefined || second === undefined) throw new Error('two transactions are needed');
      withData(block, [second, first, ...others]);
    };
    expect(await altered(3, swap)).toEqual(['3 data hash']);
  });

  it('a signature in the data: the one of the creator', async () => {
    const alter = (block: common.Block): void => {
      const envelope = envelopeAt(block, 1);
      envelope.setSignature(flipLast(envelope.getSignature_asU8()));
      const data = blockData(block);
      data[1] = envelope.serializeBinary();
      withData(block, data);
    };
    expect(await altered(3, alter)).toEqual(['3 data hash', '3:1 creator signature']);
  });

  it.each([
    [
      'data hash',
      (header: common.BlockHeader) => header.setDataHash(flipLast(header.getDataHash_asU8())),
      ['3 data hash'],
    ],
    [
      'previous hash',
      (header: common.BlockHeader) => header.setPreviousHash(flipLast(header.getPreviousHash_asU8())),
      ['3 header chain'],
    ],
    ['number', (header: common.BlockHeader) => header.setNumber(77), ['3 number']],
  ])('the header: its %s, which orderers signed', async (_, change, expected) => {
    const failures = await altered(3, (block) => {
      change(blockHeader(block));
    });
    expect(failures).toEqual([...expected, '3 orderer signatures', '4 header chain']);
  });

  it('the validation filter', async () => {
    const alter =
      (from: number, to: number) =>
      (block: common.Block): void => {
        const filter = Buffer.from(transactionsFilter(block));
        filter.writeUInt8(to, filter.indexOf(from));
        setMetadata(block, TRANSACTIONS_FILTER, filter);
      };
    const { VALID, MVCC_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
    expect(await altered(4, alter(VALID, MVCC_READ_CONFLICT))).toEqual(['4:0 validation code']);
    expect(await altered(4, alter(MVCC_READ_CONFLICT, VALID))).toEqual(['4:1 validation code']);
    expect(await altered(8, alter(ENDORSEMENT_POLICY_FAILURE, VALID))).toEqual(['8:0 validation code']);
    expect(await altered(4, alter(MVCC_READ_CONFLICT, 200))).toEqual(['4:1 validation code']);
  });

  it('the commit hash', async () => {
    const alter = (block: common.Block): void => {
      setMetadata(block, COMMIT_HASH, flipLast(blockMetadata(block, COMMIT_HASH)));
    };
    expect(await altered(3, alter)).toEqual(['3 commit hash']);
    expect(await altered(3, (block) => setMetadata(block, COMMIT_HASH, new Uint8Array()))).toEqual([
      '3 commit hash',
    ]);
  });

  it("the orderers' signature", async () => {
    const alter = (block: common.Block): void => {
      setMetadata(block, SIGNATURES, flipLast(blockMetadata(block, SIGNATURES)));
    };
    expect(await altered(3, alter)).toEqual(['3 orderer signatures']);
  });

  it('metadata nobody signs', async () => {
    const metadata = (value: Uint8Array): Uint8Array => {
      const message = new common.Metadata();
      message.setValue(value);
      return message.serializeBinary();
    };
    const lastConfig = new common.LastConfig();
    lastConfig.setIndex(2);
    const entry = metadata(lastConfig.serializeBinary());
    expect(await altered(3, (block) => setMetadata(block, LAST_CONFIG, entry))).toEqual([
      '3 unsigned metadata',
    ]);
    const consenter = metadata(Buffer.from('other'));
    expect(await altered(3, (block) => setMetadata(block, ORDERER, consenter))).toEqual([
      '3 unsigned metadata',
    ]);
  });

  it('something beside what is shown', async () => {
    const bytes = chain.slice(0, 4).map((block) => block.serializeBinary());
    bytes[3] = Buffer.concat([bytes[3] ?? new Uint8Array(), Buffer.from([0x22, 1, 7])]);
    const report = await verifyChain({ channelId: CHANNEL, blocks: bytes, pins: new MemoryPins() });
    expect(found(report)).toEqual(['3 encoding']);
  });

  it('block 0: another one', async () => {
    const genesis = blockOf(0);
    blockHeader(genesis).setPreviousHash(Buffer.from('x'));
    expect(found(await verify([genesis]))).toEqual(['0 header chain', '0 genesis hash']);
  });

  it('a block left out', async () => {
    expect(found(await verify(chain.filter((_, number) => number < 6 && number !== 3)))).toEqual([
      '4 number',
      '4 header chain',
    ]);
  });

  it('the tip: blocks cut off', async () => {
    const last = blockHeader(blockOf(5));
    const report = await verifyChain({
      channelId: CHANNEL,
      blocks: chain.slice(0, 5),
      pins: new MemoryPins(),
      tip: { height: 6, hash: blockHeaderHash(last) },
    });
    expect(found(report)).toEqual(['4 tip']);
  });

  it('the channel', async () => {
    expect(channelIdOfBlock(blockOf(0))).toBe(CHANNEL);
    expect(found(await verify([blockOf(0)], 'wallet-channel'))).toEqual(['0 channel']);
  });
});

const AT = 8;

/** A block the test signed as a member, behind genuine ones, with the state these left. */
async function own(
  build: (
    members: OwnMembers,
    start: { previousHash: Uint8Array; previousCommitHash: Uint8Array },
  ) => Promise<common.Block>,
): Promise<string[]> {
  const before = new ChainVerifier(CHANNEL, { pins: new MemoryPins() });
  for (const block of chain.slice(0, AT)) await before.verify(block);
  const last = blockOf(AT - 1);
  const start = { previousHash: blockHeaderHash(blockHeader(last)), previousCommitHash: commitHash(last) };
  const members = new OwnMembers(ChannelConfig.fromBlock(blockOf(0)));
  const block = await build(members, start);
  const verifier = new ChainVerifier(CHANNEL, {
    pins: new MemoryPins(),
    start: {
      nextNumber: AT,
      previousHash: start.previousHash,
      config: members.config,
      lastConfiguration: 0,
      commitHash: start.previousCommitHash,
      state: before.state,
    },
  });
  const report = new ReportBuilder(CHANNEL);
  const verified: VerifiedBlock = await verifier.verify(block.serializeBinary());
  report.add(verified);
  return found(report.finish());
}

function ownTransaction(
  change: Partial<TransactionParts> & {
    readonly seal?: (envelope: common.Envelope) => void;
    readonly by?: (members: OwnMembers) => Signer;
    readonly endorsedBy?: (members: OwnMembers) => TransactionParts['endorsers'];
  },
): Promise<string[]> {
  return own((members, start) => {
    const client = change.client ?? change.by?.(members) ?? members.member('ParkingOperatorMSP', 'client');
    const endorsers = change.endorsedBy?.(members) ?? [
      members.member('ParkingOperatorMSP', 'peer'),
      members.member('UserServiceMSP', 'peer'),
    ];
    const envelope = writeTransaction({ client, endorsers, ...(change.alter && { alter: change.alter }) });
    change.seal?.(envelope);
    const orderer = members.member('OrdererMSP', 'orderer');
    return committedBlock({ number: AT, ...start, data: [envelope.serializeBinary()], orderer });
  });
}

/** A certificate with the right names, of an authority no configuration knows. */
const ofNobody = (mspId: string, role: string): Signer =>
  createSigner({ mspId, ...createAuthority('ca of nobody').issue({ commonName: 'nobody', units: [role] }) });

describe('one thing wrong in a block that is signed anew', () => {
  it('nothing, where nothing is wrong', async () => {
    expect(await ownTransaction({})).toEqual([]);
  });

  it('the signature of the creator', async () => {
    const seal = (envelope: common.Envelope): void => {
      envelope.setSignature(flipLast(envelope.getSignature_asU8()));
    };
    expect(await ownTransaction({ seal })).toEqual(['8:0 creator signature']);
  });

  it("the creator's certificate: no authority of its organization issued it", async () => {
    const client = ofNobody('ParkingOperatorMSP', 'client');
    expect(await ownTransaction({ client })).toEqual(['8:0 creator certificate']);
  });

  it('nothing, where a certificate has expired since', async () => {
    const expired = {
      notBefore: new Date('2026-01-02T00:00:00Z'),
      notAfter: new Date('2026-01-03T00:00:00Z'),
    };
    const by = (members: OwnMembers) => members.member('ParkingOperatorMSP', 'client', expired);
    expect(await ownTransaction({ by })).toEqual([]);
  });

  it('the signature of an endorser', async () => {
    const alter = (payload: common.Payload): void => {
      alterAction(payload, (action) => {
        const [first] = action.getAction()?.getEndorsementsList() ?? [];
        first?.setSignature(flipLast(first.getSignature_asU8()));
      });
    };
    expect(await ownTransaction({ alter })).toEqual(['8:0 endorsement signatures']);
  });

  it('the certificate of an endorser', async () => {
    const endorsedBy = (members: OwnMembers) => [
      members.member('ParkingOperatorMSP', 'peer'),
      ofNobody('UserServiceMSP', 'peer'),
    ];
    expect(await ownTransaction({ endorsedBy })).toEqual(['8:0 endorser certificates']);
  });

  it('arguments the endorsers did not see', async () => {
    const alter = (payload: common.Payload): void => {
      alterAction(payload, (action) => {
        action.setChaincodeProposalPayload(new peer.ChaincodeProposalPayload().serializeBinary());
        const other = new peer.ChaincodeProposalPayload();
        other.setInput(Buffer.from('other'));
        action.setChaincodeProposalPayload(other.serializeBinary());
      });
    };
    expect(await ownTransaction({ alter })).toEqual(['8:0 proposal hash']);
  });

  it('the transaction id, and with it what the endorsers signed', async () => {
    const alter = (payload: common.Payload): void => {
      const header = payload.getHeader() ?? new common.Header();
      const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
      channelHeader.setTxId('0'.repeat(64));
      header.setChannelHeader(channelHeader.serializeBinary());
    };
    expect(await ownTransaction({ alter })).toEqual(['8:0 transaction id', '8:0 proposal hash']);
  });

  it('an outcome: too few endorsed what is recorded as valid', async () => {
    const endorsedBy = (members: OwnMembers) => [members.member('ParkingOperatorMSP', 'peer')];
    expect(await ownTransaction({ endorsedBy })).toEqual(['8:0 validation code']);
  });

  it('the last configuration, the number', async () => {
    const genuine = blockOf(AT);
    const resigned = (lastConfiguration: number, change?: (header: common.BlockHeader) => void) =>
      own((members) => {
        const block = copyOf(genuine);
        change?.(blockHeader(block));
        signAsOrderer(block, members.member('OrdererMSP', 'orderer'), lastConfiguration);
        return Promise.resolve(block);
      });
    expect(await resigned(0)).toEqual([]);
    expect(await resigned(3)).toEqual(['8 last configuration']);
    // Signed as block 9, it is block 9, and another is missing.
    expect(await resigned(0, (header) => header.setNumber(9))).toEqual(['9 number']);
    expect(await resigned(0, (header) => header.setDataHash(Buffer.alloc(32)))).toEqual(['8 data hash']);
    expect(await resigned(0, (header) => header.setPreviousHash(Buffer.alloc(32)))).toEqual([
      '8 header chain',
    ]);
  });

  it('a configuration that does not follow the one in force', async () => {
    const genuine = chain.find((block, number) => number > 0 && isConfigBlock(block));
    if (genuine === undefined) throw new Error('the chain has no configuration update');
    const configured = (sequence: number) =>
      own((members, start) => {
        const orderer = members.member('OrdererMSP', 'orderer');
        const envelope = configEnvelopeFromBlock(genuine);
        envelope.getConfig()?.setSequence(sequence);
        const data = createEnvelope(orderer, {
          type: common.HeaderType.CONFIG,
          channelId: parseEnvelope(blockData(genuine)[0] ?? new Uint8Array()).channelHeader.getChannelId(),
          data: envelope.serializeBinary(),
        }).serializeBinary();
        return committedBlock({ number: AT, ...start, data: [data], orderer, lastConfiguration: AT });
      });
    expect(await configured(1)).toEqual([]);
    expect(await configured(2)).toEqual(['8 configuration']);
  });
});
