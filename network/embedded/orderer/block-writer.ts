/**
 * Makes the next block of a chain and signs it (orderer/common/multichannel/blockwriter.go). The header chain goes on
 * in memory, ahead of what is on disk.
 */
import { randomBytes } from 'node:crypto';
import { common, orderer } from '@hyperledger/fabric-protos';
import {
  blockHeader,
  blockHeaderBytes,
  blockHeaderHash,
  createBlock,
  lastConfigIndex,
  signaturesMetadata,
} from '../../protocol/block';
import { NONCE_BYTES, signatureHeaderOf } from '../../protocol/envelope';
import type { Signer } from '../../protocol/signing';

/** In a group of one, the node is consenter 1 and the next to join would be 2. */
const CONSENTER_ID = 1;
/** Entries a raft log of one node begins with: its own membership, and its election. */
const FIRST_LOG_ENTRIES = 2;

/** Raft index the last block was written at; where the chain has its genesis only, that of an empty log. */
function raftIndexOf(block: common.Block): number {
  if (blockHeader(block).getNumber() === 0) return FIRST_LOG_ENTRIES - 1;
  const value = common.OrdererBlockMetadata.deserializeBinary(signaturesMetadata(block).getValue_asU8());
  const consenter = common.Metadata.deserializeBinary(value.getConsenterMetadata_asU8()).getValue_asU8();
  return orderer.etcdraft.BlockMetadata.deserializeBinary(consenter).getRaftIndex();
}

export class BlockWriter {
  private number: number;
  private hash: Uint8Array;
  private raftIndex: number;
  private readonly lastConfig: number;

  /** @param last the newest block on disk */
  constructor(
    private readonly signer: Signer,
    last: common.Block,
  ) {
    const header = blockHeader(last);
    this.number = header.getNumber();
    this.hash = blockHeaderHash(header);
    this.lastConfig = this.number === 0 ? 0 : lastConfigIndex(last);
    // Each start of the node elects it leader, which takes an entry of the log.
    this.raftIndex = raftIndexOf(last) + 1;
  }

  /** The next block, complete with signature and metadata. @param envelopes serialized */
  next(envelopes: readonly Uint8Array[]): common.Block {
    const block = createBlock(this.number + 1, this.hash, envelopes);
    const header = blockHeader(block);
    this.number = header.getNumber();
    this.hash = blockHeaderHash(header);
    this.raftIndex += 1;
    const fields = block.getMetadata()?.getMetadataList_asU8() ?? [];
    fields[common.BlockMetadataIndex.SIGNATURES] = this.signatures(header);
    fields[common.BlockMetadataIndex.LAST_CONFIG] = this.lastConfigMetadata();
    block.getMetadata()?.setMetadataList(fields);
    return block;
  }

  private lastConfigMessage(): common.LastConfig {
    const message = new common.LastConfig();
    message.setIndex(this.lastConfig);
    return message;
  }

  private lastConfigMetadata(): Uint8Array {
    const metadata = new common.Metadata();
    metadata.setValue(this.lastConfigMessage().serializeBinary());
    return metadata.serializeBinary();
  }

  private consenterMetadata(): Uint8Array {
    const raft = new orderer.etcdraft.BlockMetadata();
    raft.setConsenterIdsList([CONSENTER_ID]);
    raft.setNextConsenterId(CONSENTER_ID + 1);
    raft.setRaftIndex(this.raftIndex);
    const metadata = new common.Metadata();
    metadata.setValue(raft.serializeBinary());
    return metadata.serializeBinary();
  }

  private signatures(header: common.BlockHeader): Uint8Array {
    const signed = new common.OrdererBlockMetadata();
    signed.setLastConfig(this.lastConfigMessage());
    signed.setConsenterMetadata(this.consenterMetadata());
    const value = signed.serializeBinary();
    const signatureHeader = signatureHeaderOf(
      this.signer.creator,
      randomBytes(NONCE_BYTES),
    ).serializeBinary();
    const signature = new common.MetadataSignature();
    signature.setSignatureHeader(signatureHeader);
    signature.setSignature(
      this.signer.sign(Buffer.concat([value, signatureHeader, blockHeaderBytes(header)])),
    );
    const metadata = new common.Metadata();
    metadata.setValue(value);
    metadata.setSignaturesList([signature]);
    return metadata.serializeBinary();
  }
}
