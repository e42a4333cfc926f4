import { describe, expect, it } from 'vitest';
import { decodeKeyValueSet, decodeReadWriteSet } from '../../../protocol/read-write-set';
import { MalformedMessage } from '../../../protocol/strict-decoder';
import { decodeEnvelope } from '../../../protocol/validation/transaction';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('the strict decoder', () => {
  it('refuses what Go refuses', () => {
    const malformed = {
      'a field that runs past the end': '0a 05 61',
      'a tag cut off': '80',
      'field number 0': '02 00',
      'wire type 6': '0e',
      'an end of group without its beginning': '0c',
      'a group that does not end': '13',
      'a varint of 65 bits': '08 ff ff ff ff ff ff ff ff ff 02',
    };
    for (const [what, hex] of Object.entries(malformed)) {
      expect(() => decodeEnvelope(bytes(hex)), what).toThrow(MalformedMessage);
    }
  });

  it('refuses text that is not UTF-8, lone surrogates included', () => {
    for (const key of ['ff', 'c328', 'eda080']) {
      const raw = Buffer.from(key, 'hex');
      const write = Buffer.concat([Buffer.from([0x0a, raw.length]), raw]);
      const set = Buffer.concat([Buffer.from([0x1a, write.length]), write]);
      expect(() => decodeKeyValueSet(set), key).toThrow('invalid UTF-8');
    }
  });

  it('skips unknown fields, groups and foreign wire types, and takes the last of repeated ones', () => {
    const encoded = bytes('0a 01 61  13 08 01 14  0d 01 02 03 04  f8 01 07  0a 01 62');
    expect(Buffer.from(decodeEnvelope(encoded).payload).toString()).toBe('b');
  });

  it('merges a message that is given twice, and keeps the last member of a choice', () => {
    const version = '12 04 08 07 10 01';
    const twice = decodeKeyValueSet(bytes(`0a 0c 12 02 08 05 12 02 10 09 0a 02 6b 31`));
    expect(twice.reads[0]).toEqual({ key: 'k1', version: { block: 5, tx: 9 } });
    const query = decodeKeyValueSet(bytes(`12 06 22 00 2a 02 08 32`)).rangeQueries[0];
    expect(query?.rawReads).toBeUndefined();
    expect(query?.merkleSummary?.maxDegree).toBe(50);
    expect(decodeKeyValueSet(bytes(`0a 09 0a 01 6b ${version}`)).reads[0]?.version).toEqual({
      block: 7,
      tx: 1,
    });
  });

  it('tells a delete from an absent version', () => {
    const [set] = decodeReadWriteSet(bytes('12 0a 0a 01 6e 12 05 0a 03 0a 01 6b'));
    expect(set?.namespace).toBe('n');
    expect(set?.public.reads).toEqual([{ key: 'k', version: undefined }]);
  });
});
