import { common } from '@hyperledger/fabric-protos';
import { blockData, blockHeader, blockHeaderHash, blockMetadata } from '../block';
import { decodeMessage } from '../wire';
import { headerSignature, type HeaderSignature } from './header-signature';
import { layer, Undecodable, type Layer } from './layer';
import { LedgerTransaction } from './ledger-transaction';

const { SIGNATURES, TRANSACTIONS_FILTER, COMMIT_HASH } = common.BlockMetadataIndex;

/** What orderers signed with a block, and who signed. */
export interface SignedMetadata {
  /** Number of the last configuration block; undefined where the signed value cannot be read. */
  readonly lastConfiguration: number | undefined;
  /** What the consensus keeps with the block; empty where it keeps nothing. */
  readonly consenterMetadata: Uint8Array;
  readonly signatures: readonly HeaderSignature[];
}

/** A block, its parts read when they are asked for. Throws when it has no header: it cannot be identified then. */
export class LedgerBlock {
  readonly number: number;
  /** What the next block carries as previous hash. */
  readonly headerHash: Uint8Array;
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
  /** One code a transaction; empty in a block no peer has validated. */
  readonly filter: Uint8Array;
  readonly transactions: readonly LedgerTransaction[];
  #signed: Layer<SignedMetadata> | undefined;

  constructor(readonly block: common.Block) {
    const header = blockHeader(block);
    this.number = header.getNumber();
    this.headerHash = blockHeaderHash(header);
    this.previousHash = header.getPreviousHash_asU8();
    this.dataHash = header.getDataHash_asU8();
    this.filter = blockMetadata(block, TRANSACTIONS_FILTER);
    this.transactions = blockData(block).map(
      (envelope, position) => new LedgerTransaction(position, envelope, this.filter[position]),
    );
  }

  /** Throws WireError when the bytes are no block. */
  static fromBytes(bytes: Uint8Array): LedgerBlock {
    return new LedgerBlock(decodeMessage(common.Block, bytes, 'Block'));
  }

  get signed(): Layer<SignedMetadata> {
    return (this.#signed ??= layer(blockMetadata(this.block, SIGNATURES), signedMetadata));
  }

  /** Undefined in block 0 and in blocks of an orderer. */
  get commitHash(): Layer<Uint8Array> | undefined {
    const entry = blockMetadata(this.block, COMMIT_HASH);
    if (entry.length === 0) return undefined;
    return layer(entry, (bytes) => decodeMessage(common.Metadata, bytes, 'Metadata').getValue_asU8());
  }

  /** All metadata entries as they stand in the block, by common.BlockMetadataIndex. */
  get metadata(): readonly Uint8Array[] {
    return this.block.getMetadata()?.getMetadataList_asU8() ?? [];
  }
}

function signedMetadata(entry: Uint8Array): SignedMetadata {
  const metadata = decodeMessage(common.Metadata, entry, 'Metadata');
  const value = layer(metadata.getValue_asU8(), (bytes) =>
    decodeMessage(common.OrdererBlockMetadata, bytes, 'OrdererBlockMetadata'),
  );
  return {
    lastConfiguration: value instanceof Undecodable ? undefined : value.getLastConfig()?.getIndex(),
    consenterMetadata: value instanceof Undecodable ? value.bytes : value.getConsenterMetadata_asU8(),
    signatures: metadata.getSignaturesList().map(headerSignature),
  };
}
