import { common } from '@hyperledger/fabric-protos';
import { blockHeader } from '../../../protocol/block';
import type { ValidationCode } from '../../../protocol/validation-code';

/**
 * Writes a peer's findings into a block's metadata, which a block from an orderer leaves empty
 * (protoutil InitBlockMetadata, kv_ledger.go addBlockCommitHash). Throws when the block has no header.
 */
export function writeCommitMetadata(
  block: common.Block,
  codes: readonly ValidationCode[],
  commitHash: Uint8Array | undefined,
): void {
  blockHeader(block);
  const metadata = block.getMetadata() ?? new common.BlockMetadata();
  const fields = metadata.getMetadataList_asU8();
  while (fields.length < Object.keys(common.BlockMetadataIndex).length) fields.push(new Uint8Array());
  fields[common.BlockMetadataIndex.TRANSACTIONS_FILTER] = Uint8Array.from(codes);
  if (commitHash !== undefined) {
    const message = new common.Metadata();
    message.setValue(commitHash);
    fields[common.BlockMetadataIndex.COMMIT_HASH] = message.serializeBinary();
  }
  metadata.setMetadataList(fields);
  block.setMetadata(metadata);
}
