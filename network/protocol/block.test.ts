import { describe, expect, it } from 'vitest';
import {
  blockData,
  blockDataHash,
  blockHeader,
  blockHeaderHash,
  channelIdOfBlock,
  commitHash,
  configFromBlock,
  createBlock,
  isConfigBlock,
  lastConfigIndex,
  transactionsFilter,
} from './block';
import { parkingBlocks, referenceBlock, referenceJson } from './fixtures/blocks';
import { VALID, validationCode, validationCodeName } from './validation-code';

describe('blocks of genuine peers', () => {
  it.each(parkingBlocks)('block %i: data hash covers the data', (number) => {
    const block = referenceBlock('parking-channel', number);
    expect(blockDataHash(blockData(block)).toString('base64')).toBe(blockHeader(block).getDataHash_asB64());
  });

  it.each(parkingBlocks.filter((number) => (parkingBlocks as readonly number[]).includes(number - 1)))(
    'block %i names its predecessor by header hash',
    (number) => {
      const previous = referenceBlock('parking-channel', number - 1);
      const block = referenceBlock('parking-channel', number);
      expect(blockHeaderHash(blockHeader(previous)).toString('base64')).toBe(
        blockHeader(block).getPreviousHash_asB64(),
      );
    },
  );

  it('tells configuration blocks from others', () => {
    expect(isConfigBlock(referenceBlock('parking-channel', 0))).toBe(true);
    expect(isConfigBlock(referenceBlock('parking-channel', 268))).toBe(false);
    expect(() => configFromBlock(referenceBlock('parking-channel', 268))).toThrow(
      'block 268 is not a configuration block',
    );
    expect(configFromBlock(referenceBlock('parking-channel', 0)).hasChannelGroup()).toBe(true);
  });

  it('reads metadata as the decoded form shows it', () => {
    for (const number of parkingBlocks) {
      const block = referenceBlock('parking-channel', number);
      const json = referenceJson('parking-channel', number) as { metadata: { metadata: string[] } };
      expect(Buffer.from(transactionsFilter(block)).toString('base64')).toBe(json.metadata.metadata[2] ?? '');
      expect(channelIdOfBlock(block)).toBe('parking-channel');
      expect(lastConfigIndex(block)).toBe(0);
    }
    expect(commitHash(referenceBlock('parking-channel', 268))).toHaveLength(32);
  });
});

describe('a new block', () => {
  it('hashes numbers beyond one byte as DER integers', () => {
    const header = blockHeader(createBlock(0x80, Buffer.alloc(32, 1), [Buffer.from('x')]));
    // 30 len 02 02 00 80: the sign byte of DER integers
    expect(blockHeaderHash(header)).toHaveLength(32);
    expect(createBlock(1, new Uint8Array(), []).getMetadata()?.getMetadataList()).toHaveLength(5);
  });
});

describe('validation codes', () => {
  it('have names', () => {
    expect(validationCodeName(VALID)).toBe('VALID');
    expect(validationCodeName(11)).toBe('MVCC_READ_CONFLICT');
    expect(validationCodeName(99)).toBe('99');
    expect(() => validationCode(99)).toThrow(RangeError);
  });
});
