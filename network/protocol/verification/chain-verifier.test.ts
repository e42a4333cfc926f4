import { common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { genuineChain } from '../../embedded/peer/commit/genuine-chain';
import { blockHeader, blockHeaderHash, transactionsFilter } from '../block';
import { ChannelConfig } from '../channel-config';
import { parkingBlocks, referenceBlock, referenceBlockBytes } from '../fixtures/blocks';
import { ChainVerifier } from './chain-verifier';
import { methods } from './check';
import { MemoryPins } from './genesis-pins';
import { checkKeyState } from './key-state';
import { verifyChain } from './report';

const CHANNEL = 'parking-channel';
const chain = genuineChain();
const last = blockHeader(chain.at(-1) ?? new common.Block());
const tip = { height: last.getNumber() + 1, hash: blockHeaderHash(last) };

describe('a chain genuine nodes wrote', () => {
  it('holds from block 0 to its tip, every transaction decided again', async () => {
    const blocks = chain.map((block) => block.serializeBinary());
    const report = await verifyChain({ channelId: CHANNEL, blocks, pins: new MemoryPins(), tip });
    expect(report.anomalies).toEqual([]);
    expect(report).toMatchObject({ firstBlock: 0, lastBlock: 40, blocks: 41, transactions: 216 });
    expect(report.totals['validation code']).toEqual({ holds: 216, fails: 0, 'not checkable': 0 });
    expect(report.totals['commit hash']).toEqual({ holds: 40, fails: 0, 'not checkable': 1 });
    expect(report.totals['orderer signatures']).toEqual({ holds: 40, fails: 0, 'not checkable': 1 });
    expect(report.totals.tip).toEqual({ holds: 1, fails: 0, 'not checkable': 0 });
    // Everything there is to check was met, and nothing is left out of the report.
    const ofTheChain = Object.keys(methods).filter((check) => check !== 'key state');
    expect(Object.keys(report.totals).sort()).toEqual(ofTheChain.sort());
    const whole = report.unchecked.filter(({ reason }) => !reason.startsWith('not looked at: '));
    expect(whole.map(({ check, reason, count }) => `${check}: ${reason} (${count})`)).toMatchInlineSnapshot(`
      [
        "orderer signatures: block 0 is not signed: its hash is the trust anchor (1)",
        "genesis hash: seen for the first time: 60d7dd1628e94985416c2e27d4b1d9464a80cb761a58e9cecb0e9f9ae9fa3ea3 is remembered from now on (1)",
        "commit hash: commit hashes begin with block 1 (1)",
        "creator certificate: block 0 has no creator: its hash is the trust anchor (1)",
        "creator signature: block 0 has no creator: its hash is the trust anchor (1)",
        "endorser certificates: what was endorsed cannot be read: wire type 7 (1)",
        "endorsement signatures: what was endorsed cannot be read: wire type 7 (1)",
        "endorser certificates: what was endorsed cannot be read: response payload is missing extension (1)",
        "endorsement signatures: what was endorsed cannot be read: response payload is missing extension (1)",
        "transaction id: a configuration transaction needs no id, and nobody checks the one it has (1)",
      ]
    `);
  });

  it('leaves the state its peers have', async () => {
    const verifier = new ChainVerifier(CHANNEL, { pins: new MemoryPins() });
    for (const block of chain) await verifier.verify(block);
    expect(verifier.stateProblem).toBeUndefined();
    const keys: string[] = [];
    for await (const { key, value, version } of verifier.state.range('probe', 'f', 'g')) {
      keys.push(`${key}=${Buffer.from(value).toString()}@${version.block}:${version.tx}`);
    }
    expect(keys).toMatchInlineSnapshot(`
      [
        "f0=r89@40:9",
        "f1=r62@38:8",
        "f10=r16@33:6",
        "f11=r62@38:2",
        "f2=r51@37:1",
        "f4=r89@40:9",
        "f5=r24@36:0",
        "f6=r70@40:0",
        "f7=r60@38:1",
        "f8=r80@40:0",
      ]
    `);
  });

  it('shows a value of a key that no transaction wrote', async () => {
    const verifier = new ChainVerifier(CHANNEL, { pins: new MemoryPins() });
    for (const block of chain) await verifier.verify(block);
    const answer = (key: string, text: string | undefined) =>
      checkKeyState(verifier, {
        namespace: 'probe',
        key,
        value: text === undefined ? text : Buffer.from(text),
      });
    expect(await answer('f0', 'r89')).toMatchObject({ verdict: 'holds' });
    expect(await answer('f3', undefined)).toMatchObject({ verdict: 'holds', reason: 'there is no such key' });
    expect(await answer('f0', 'r88')).toMatchObject({
      verdict: 'fails',
      reason:
        'the peer has 3 bytes 723838; by the chain it has 3 bytes 723839, written by block 40, transaction 9',
    });
    expect(await answer('f0', undefined)).toMatchObject({ verdict: 'fails' });
    await verifier.verify(Buffer.from([0xff]));
    expect(await answer('f0', 'r88')).toMatchObject({ verdict: 'not checkable' });
  });

  it('is compared with the block 0 that was seen first', async () => {
    const pins = new MemoryPins();
    const genesis = chain[0] ?? new common.Block();
    const check = async (block: common.Block, channel: string) =>
      (await new ChainVerifier(channel, { pins }).verify(block)).checks.find(
        (one) => one.check === 'genesis hash',
      );
    expect(await check(genesis, CHANNEL)).toMatchObject({ verdict: 'not checkable' });
    expect(await check(genesis, CHANNEL)).toMatchObject({ verdict: 'holds' });
    expect(await check(referenceBlock(CHANNEL, 0), CHANNEL)).toMatchObject({
      verdict: 'fails',
      reason: expect.stringMatching(
        /^remembered is [0-9a-f]{64}, this block 0 hashes to [0-9a-f]{64}/,
      ) as string,
    });
  });

  it('does not remember a block 0 that is damaged', async () => {
    const pins = new MemoryPins();
    const damaged = common.Block.deserializeBinary((chain[0] ?? new common.Block()).serializeBinary());
    blockHeader(damaged).setDataHash(Buffer.alloc(32));
    await new ChainVerifier(CHANNEL, { pins }).verify(damaged);
    expect(await pins.get(CHANNEL)).toBeUndefined();
  });
});

describe('blocks of a chain that is not there from the beginning', () => {
  it('are verified as far as they allow, and say what is missing', async () => {
    const report = await verifyChain({
      channelId: CHANNEL,
      blocks: parkingBlocks
        .filter((number) => number > 266)
        .map((number) => referenceBlockBytes(CHANNEL, number)),
      pins: new MemoryPins(),
      start: {
        nextNumber: 267,
        previousHash: blockHeaderHash(blockHeader(referenceBlock(CHANNEL, 266))),
        config: ChannelConfig.fromBlock(referenceBlock(CHANNEL, 0)),
        lastConfiguration: 0,
      },
    });
    expect(report.anomalies).toEqual([]);
    expect(report.totals).toMatchInlineSnapshot(`
      {
        "channel": {
          "fails": 0,
          "holds": 9,
          "not checkable": 0,
        },
        "commit hash": {
          "fails": 0,
          "holds": 8,
          "not checkable": 1,
        },
        "creator certificate": {
          "fails": 0,
          "holds": 11,
          "not checkable": 0,
        },
        "creator signature": {
          "fails": 0,
          "holds": 11,
          "not checkable": 0,
        },
        "data hash": {
          "fails": 0,
          "holds": 9,
          "not checkable": 0,
        },
        "encoding": {
          "fails": 0,
          "holds": 9,
          "not checkable": 0,
        },
        "endorsement policy": {
          "fails": 0,
          "holds": 0,
          "not checkable": 11,
        },
        "endorsement signatures": {
          "fails": 0,
          "holds": 11,
          "not checkable": 0,
        },
        "endorser certificates": {
          "fails": 0,
          "holds": 11,
          "not checkable": 0,
        },
        "header chain": {
          "fails": 0,
          "holds": 9,
          "not checkable": 0,
        },
        "last configuration": {
          "fails": 0,
          "holds": 9,
          "not checkable": 0,
        },
        "number": {
          "fails": 0,
          "holds": 9,
          "not checkable": 0,
        },
        "orderer signatures": {
          "fails": 0,
          "holds": 9,
          "not checkable": 0,
        },
        "proposal hash": {
          "fails": 0,
          "holds": 11,
          "not checkable": 0,
        },
        "reads": {
          "fails": 0,
          "holds": 0,
          "not checkable": 11,
        },
        "tip": {
          "fails": 0,
          "holds": 0,
          "not checkable": 1,
        },
        "transaction id": {
          "fails": 0,
          "holds": 11,
          "not checkable": 0,
        },
        "unsigned metadata": {
          "fails": 0,
          "holds": 9,
          "not checkable": 0,
        },
        "validation code": {
          "fails": 0,
          "holds": 0,
          "not checkable": 11,
        },
      }
    `);
    expect(report.unchecked.map(({ check, reason, count }) => `${check}: ${reason} (${count})`))
      .toMatchInlineSnapshot(`
      [
        "commit hash: the commit hash of the block before is not known (1)",
        "endorsement policy: the blocks before 267 are not there (11)",
        "reads: the blocks before 267 are not there (11)",
        "validation code: the blocks before 267 are not there (11)",
        "tip: nobody said where the chain ends (1)",
      ]
    `);
  });

  it.each(['parking-channel', 'wallet-channel'])('begin with block 0 of %s', async (channel) => {
    const report = await verifyChain({
      channelId: channel,
      blocks: [referenceBlockBytes(channel, 0)],
      pins: new MemoryPins(),
    });
    expect(report.anomalies).toEqual([]);
    expect(report.genesisHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('go on where blocks are missing', async () => {
    const blocks = parkingBlocks.map((number) => referenceBlock(CHANNEL, number));
    const report = await verifyChain({ channelId: CHANNEL, blocks, pins: new MemoryPins() });
    expect(report.anomalies.map(({ block, check, reason }) => `${block} ${check}: ${reason}`)).toEqual(
      expect.arrayContaining(['4 number: expected 2, found 4', '266 number: expected 6, found 266']),
    );
    expect(new Set(report.anomalies.map(({ block }) => block))).toEqual(new Set([4, 266]));
    expect(transactionsFilter(blocks[0] ?? new common.Block())).toHaveLength(1);
  });
});
