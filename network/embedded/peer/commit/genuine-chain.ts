import { common } from '@hyperledger/fabric-protos';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { blockData } from '../../../protocol/block';
import type { Signer } from '../../../protocol/signing';
import { endorsedTransaction, decodeEnvelope, decodePayload } from '../../../protocol/validation/transaction';

/**
 * A channel as a genuine 2.5.4 peer committed it, for tests: block 0 first, each block with the filter and commit hash
 * that peer wrote. The file holds the blocks one after the other, each behind its length (32 bits, big endian).
 */
export function genuineChain(
  file = path.join(import.meta.dirname, 'fixtures', 'genuine-chain.br'),
): common.Block[] {
  const bytes = file.endsWith('.br') ? brotliDecompressSync(readFileSync(file)) : readFileSync(file);
  const blocks: common.Block[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const length = bytes.readUInt32BE(offset);
    blocks.push(common.Block.deserializeBinary(bytes.subarray(offset + 4, offset + 4 + length)));
    offset += 4 + length;
  }
  return blocks;
}

/** A block as an orderer delivers it: without what the peer added. */
export function asOrdered(block: common.Block): common.Block {
  const copy = common.Block.deserializeBinary(block.serializeBinary());
  const fields = copy.getMetadata()?.getMetadataList_asU8() ?? [];
  fields[common.BlockMetadataIndex.TRANSACTIONS_FILTER] = new Uint8Array();
  fields[common.BlockMetadataIndex.COMMIT_HASH] = new Uint8Array();
  copy.getMetadata()?.setMetadataList(fields);
  return copy;
}

/** A peer of the channel, by the identity with which it endorsed in some block. It cannot sign. */
export function endorserOf(blocks: readonly common.Block[], mspId: string): Signer {
  for (const data of blocks.slice(1).flatMap(blockData)) {
    try {
      const { endorsements } = endorsedTransaction(decodePayload(decodeEnvelope(data).payload).data);
      const found = endorsements.find(({ endorser }) => Buffer.from(endorser).includes(mspId));
      if (found === undefined) continue;
      const sign = (): never => {
        throw new Error('this identity has no key');
      };
      return { mspId, certificatePem: '', creator: Buffer.from(found.endorser), sign };
    } catch {
      // Some transactions of the chain are malformed on purpose.
    }
  }
  throw new Error(`no peer of ${mspId} endorsed anything in this chain`);
}
