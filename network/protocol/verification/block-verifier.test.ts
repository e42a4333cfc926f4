import { common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { blockData, blockHeader, blockHeaderHash } from '../block';
import { ChannelConfig } from '../channel-config';
import { parkingBlocks, referenceBlock } from '../fixtures/blocks';
import { blockSignatures } from '../block-signatures';
import { checkDataHash } from './block-checks';
import { BlockVerifier } from './block-verifier';
import type { Check } from './check';

const parking = (number: number): common.Block => referenceBlock('parking-channel', number);
const failures = (checks: readonly Check[]): string[] =>
  checks.filter(({ verdict }) => verdict === 'fails').map(({ check, reason }) => `${check}: ${reason}`);

describe('a chain genuine nodes wrote', () => {
  it('verifies from block 0', () => {
    const verifier = new BlockVerifier('parking-channel');
    expect(verifier.verify(parking(0)).map(({ check }) => check)).toEqual([
      'number',
      'channel',
      'header chain',
      'data hash',
      'orderer signatures',
      'configuration',
    ]);
    expect(verifier.config?.sequence).toBe(0);
    const verdicts = verifier.verify(parking(1));
    expect(failures(verdicts)).toEqual([]);
    expect(verdicts).toHaveLength(5);
  });

  it('verifies from a trusted block on', () => {
    const verifier = new BlockVerifier('parking-channel', {
      previousHash: blockHeaderHash(blockHeader(parking(266))),
      nextNumber: 267,
      config: ChannelConfig.fromBlock(parking(0)),
    });
    for (const number of parkingBlocks.filter((known) => known > 266)) {
      expect(failures(verifier.verify(parking(number))), `block ${number}`).toEqual([]);
    }
  });
});

describe('a chain that was tampered with', () => {
  const after266 = (): BlockVerifier =>
    new BlockVerifier('parking-channel', {
      previousHash: blockHeaderHash(blockHeader(parking(266))),
      nextNumber: 267,
      config: ChannelConfig.fromBlock(parking(0)),
    });

  it('shows a changed transaction', () => {
    const block = parking(267);
    const [first = new Uint8Array()] = blockData(block);
    const changed = Buffer.from(first);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    block.getData()?.setDataList([changed]);
    expect(checkDataHash(block).verdict).toBe('fails');
    expect(failures(after266().verify(block)).join()).toMatch(
      /^data hash: the header says [0-9a-f]{64}, the data hash to [0-9a-f]{64}$/,
    );
  });

  it('shows a header that was adapted to the change', () => {
    const block = parking(267);
    blockHeader(block).setDataHash(Buffer.alloc(32));
    const found = failures(after266().verify(block));
    expect(found[1]).toBe(
      "orderer signatures: needs 1 of the 'Writers' policies of OrdererOrg, 0 satisfied; OrdererOrg needs OrdererMSP.member; had no valid signature; the signature of OrdererMSP.orderer is invalid",
    );
  });

  it('shows a missing block, and goes on after it', () => {
    const verifier = after266();
    const found = failures(verifier.verify(parking(268)));
    expect(found[0]).toBe('number: expected 267, found 268');
    expect(found[1]).toMatch(/^header chain: previous hash is /);
    expect(failures(verifier.verify(parking(269)))).toEqual([]);
  });

  it('shows a block of another channel and one without signatures', () => {
    const verifier = new BlockVerifier('wallet-channel');
    expect(failures(verifier.verify(parking(0)))).toEqual([
      'channel: expected wallet-channel, found parking-channel',
    ]);
    const unsigned = parking(267);
    unsigned.getMetadata()?.setMetadataList([]);
    expect(blockSignatures(unsigned)).toEqual([]);
    expect(failures(after266().verify(unsigned)).join()).toMatch(/had no valid signature$/);
  });

  it('shows that there is no configuration to check against', () => {
    const verifier = new BlockVerifier('parking-channel');
    expect(verifier.verify(parking(1))).toContainEqual({
      check: 'orderer signatures',
      verdict: 'not checkable',
      reason: 'there is no policy to check against: no configuration block was readable',
      anomaly: false,
    });
  });

  it('throws for a block without header', () => {
    expect(() => new BlockVerifier('c').verify(new common.Block())).toThrow('block has no header');
  });
});
