import { common } from '@hyperledger/fabric-protos';
import { encodeElement, encodeInteger, Tag } from './der';
import { parseEnvelope } from './envelope';
import { sha256 } from './hash';
import { decodeMessage } from './wire';

/**
 * Bytes that are hashed and signed for a block header: ASN.1 DER of {number, previous_hash, data_hash}
 * (protoutil/blockutils.go BlockHeaderBytes).
 */
export function blockHeaderBytes(header: common.BlockHeader): Buffer {
  return encodeElement(
    Tag.SEQUENCE,
    encodeInteger(header.getNumber()),
    encodeElement(Tag.OCTET_STRING, header.getPreviousHash_asU8()),
    encodeElement(Tag.OCTET_STRING, header.getDataHash_asU8()),
  );
}

/** The block's hash: what the next header carries as previous_hash. 32 bytes. */
export function blockHeaderHash(header: common.BlockHeader): Buffer {
  return sha256(blockHeaderBytes(header));
}

/** data_hash of a block: SHA-256 over the concatenated envelopes (no length prefixes). 32 bytes. */
export function blockDataHash(data: readonly Uint8Array[]): Buffer {
  return sha256(...data);
}

/** Header of a block. Throws when the block has none: such a block cannot be identified. */
export function blockHeader(block: common.Block): common.BlockHeader {
  const header = block.getHeader();
  if (header === undefined) throw new Error('block has no header: it is truncated or not a Fabric block');
  return header;
}

/** Serialized envelopes of a block, in order. */
export function blockData(block: common.Block): Uint8Array[] {
  return block.getData()?.getDataList_asU8() ?? [];
}

/** Raw metadata at an index of `common.BlockMetadataIndex`; empty where the block has none. */
export function blockMetadata(block: common.Block, index: number): Uint8Array {
  return block.getMetadata()?.getMetadataList_asU8()[index] ?? new Uint8Array();
}

/** One validation code a transaction; empty in blocks that no peer has validated (those read from an orderer). */
export function transactionsFilter(block: common.Block): Uint8Array {
  return blockMetadata(block, common.BlockMetadataIndex.TRANSACTIONS_FILTER);
}

/** The commit hash a peer wrote (32 bytes); empty on blocks of an orderer and on block 0. */
export function commitHash(block: common.Block): Uint8Array {
  const metadata = blockMetadata(block, common.BlockMetadataIndex.COMMIT_HASH);
  return decodeMessage(common.Metadata, metadata, 'Metadata').getValue_asU8();
}

/** The orderers' signatures over a block, with the value they signed. */
export function signaturesMetadata(block: common.Block): common.Metadata {
  const metadata = blockMetadata(block, common.BlockMetadataIndex.SIGNATURES);
  return decodeMessage(common.Metadata, metadata, 'Metadata');
}

/**
 * Number of the last configuration block at the time this block was cut (protoutil GetLastConfigIndexFromBlock).
 * 0 for block 0, which carries no signatures.
 */
export function lastConfigIndex(block: common.Block): number {
  const signatures = signaturesMetadata(block);
  if (signatures.getValue_asU8().length === 0) {
    const legacy = blockMetadata(block, common.BlockMetadataIndex.LAST_CONFIG);
    const lastConfig = decodeMessage(common.Metadata, legacy, 'Metadata').getValue_asU8();
    return decodeMessage(common.LastConfig, lastConfig, 'LastConfig').getIndex();
  }
  const value = decodeMessage(
    common.OrdererBlockMetadata,
    signatures.getValue_asU8(),
    'OrdererBlockMetadata',
  );
  return value.getLastConfig()?.getIndex() ?? 0;
}

/** Whether the first envelope of the block is a configuration transaction (protoutil IsConfigBlock). */
export function isConfigBlock(block: common.Block): boolean {
  const [first] = blockData(block);
  if (first === undefined) return false;
  try {
    return parseEnvelope(first).channelHeader.getType() === common.HeaderType.CONFIG;
  } catch {
    return false;
  }
}

/** Channel id in the first envelope of a block (protoutil GetChannelIDFromBlock). Throws when there is none. */
export function channelIdOfBlock(block: common.Block): string {
  const [first] = blockData(block);
  if (first === undefined) throw new Error('failed to retrieve channel id - block is empty');
  return parseEnvelope(first).channelHeader.getChannelId();
}

/** The configuration envelope of a configuration block. Throws when the block is not one. */
export function configEnvelopeFromBlock(block: common.Block): common.ConfigEnvelope {
  const [first] = blockData(block);
  if (first === undefined) throw new Error('block is empty: a configuration block holds one envelope');
  const { channelHeader, data } = parseEnvelope(first);
  if (channelHeader.getType() !== common.HeaderType.CONFIG) {
    throw new Error(`block ${blockHeader(block).getNumber()} is not a configuration block`);
  }
  return decodeMessage(common.ConfigEnvelope, data, 'ConfigEnvelope');
}

/** The channel configuration a configuration block brings into force. Throws when the block is not one. */
export function configFromBlock(block: common.Block): common.Config {
  const config = configEnvelopeFromBlock(block).getConfig();
  if (config === undefined) throw new Error('config envelope has no config');
  return config;
}

/** A block with header and data, and its five metadata fields empty, as an orderer starts one. */
export function createBlock(
  number: number,
  previousHash: Uint8Array,
  data: readonly Uint8Array[],
): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setPreviousHash(previousHash);
  header.setDataHash(blockDataHash(data));
  const blockDataMessage = new common.BlockData();
  blockDataMessage.setDataList([...data]);
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList(Object.keys(common.BlockMetadataIndex).map(() => new Uint8Array()));
  const block = new common.Block();
  block.setHeader(header);
  block.setData(blockDataMessage);
  block.setMetadata(metadata);
  return block;
}
