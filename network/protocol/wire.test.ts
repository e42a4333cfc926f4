import { common, msp } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBlockBytes } from './fixtures/blocks';
import { decodeMessage, WireError } from './wire';

describe('decoding messages from outside', () => {
  it('refuses malformed bytes with the text of a genuine node', () => {
    expect(() => decodeMessage(common.Payload, Buffer.from([0x0a, 0x05, 0x01]), 'Payload')).toThrow(
      'error unmarshalling Payload: proto: cannot parse invalid wire-format data',
    );
  });

  it('refuses malformed bytes in a message inside', () => {
    // Block{header: BlockHeader{data_hash: 5 bytes of which 1 is there}}
    expect(() => decodeMessage(common.Block, Buffer.from([0x0a, 0x03, 0x1a, 0x05, 0x01]), 'Block')).toThrow(
      WireError,
    );
  });

  it('refuses text that is not UTF-8, as proto3 demands', () => {
    expect(() =>
      decodeMessage(msp.SerializedIdentity, Buffer.from([0x0a, 0x02, 0xc3, 0x28]), 'SerializedIdentity'),
    ).toThrow(WireError);
  });

  it('either decodes or refuses whatever it is given', () => {
    const block = referenceBlockBytes('parking-channel', 271);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(block.length),
        (changes, length) => {
          const bytes = Buffer.from(block.subarray(0, length));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          try {
            decodeMessage(common.Block, bytes, 'Block');
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        },
      ),
    );
  });
});
