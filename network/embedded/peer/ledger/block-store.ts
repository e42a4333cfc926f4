import { common, peer } from '@hyperledger/fabric-protos';
import { blockData, transactionsFilter } from '../../../protocol/block';
import { validationCode, type ValidationCode } from '../../../protocol/validation-code';
import { BlockFile, BlockFileCorruption } from '../../node/block-file';
import { BlockTransaction } from '../../../protocol/validation/block-transaction';
import { blockHashKey } from './keys';
import { LedgerError } from './ledger-errors';
import type { Database } from './state-database';
import { locateTransaction } from './transaction-index';
import { readVarint } from '../../../protocol/wire-encoder';

/** A transaction where it stands in its block. */
export interface StoredTransaction {
  readonly transaction: BlockTransaction;
  readonly code: ValidationCode;
}

/**
 * The blocks of a channel, found by number, hash and transaction id. Only blocks below the committed height are given
 * out: one that is in the file and not yet in state does not exist for anyone.
 */
export class BlockStore {
  #latest: { readonly number: number; readonly block: common.Block } | undefined;

  constructor(
    private readonly file: BlockFile,
    private readonly database: Database,
    private readonly committedHeight: () => number,
  ) {}

  async block(number: number): Promise<common.Block | undefined> {
    if (number >= this.committedHeight()) return undefined;
    if (this.#latest?.number === number) return this.#latest.block;
    const bytes = await this.file.read(number);
    return bytes && common.Block.deserializeBinary(bytes);
  }

  /** Keeps the block just committed: it is asked for at once, by everyone who listens. */
  keep(number: number, block: common.Block): void {
    this.#latest = { number, block };
  }

  async byHash(headerHash: Uint8Array): Promise<common.Block | undefined> {
    const stored = await this.database.get(blockHashKey(headerHash));
    return stored && this.block(readVarint(stored, 0).value);
  }

  async byTxId(txId: string): Promise<common.Block | undefined> {
    const location = await locateTransaction(this.database, txId);
    return location && this.block(location.block);
  }

  async transaction(txId: string): Promise<peer.ProcessedTransaction | undefined> {
    const location = await locateTransaction(this.database, txId);
    const encoded = location && (await this.envelope(location.block, location.tx));
    if (location === undefined || encoded === undefined) return undefined;
    const processed = new peer.ProcessedTransaction();
    processed.setTransactionenvelope(common.Envelope.deserializeBinary(encoded));
    processed.setValidationcode(location.code);
    return processed;
  }

  async outcome(txId: string): Promise<{ code: ValidationCode; block: number } | undefined> {
    const location = await locateTransaction(this.database, txId);
    if (location === undefined || location.block >= this.committedHeight()) return undefined;
    return { code: location.code, block: location.block };
  }

  /** Serialized envelope of a committed transaction. */
  async envelope(block: number, tx: number): Promise<Uint8Array | undefined> {
    const found = await this.block(block);
    return found && blockData(found)[tx];
  }

  async at(number: number, tx: number): Promise<StoredTransaction | undefined> {
    const block = await this.block(number);
    const encoded = block && blockData(block)[tx];
    const code = block && transactionsFilter(block)[tx];
    if (encoded === undefined || code === undefined) return undefined;
    return { transaction: new BlockTransaction(tx, encoded), code: validationCode(code) };
  }
}

/** Opens a channel's block file. Throws LedgerError, with the way out, when it is damaged before its end. */
export async function openBlockFile(folder: string): Promise<BlockFile> {
  try {
    return await BlockFile.open(folder);
  } catch (cause) {
    if (!(cause instanceof BlockFileCorruption)) throw cause;
    throw new LedgerError(
      `${cause.message}; or, as long as another peer or the orderer has this channel: stop this peer, delete ${folder}, ` +
        'start it and join the channel again by its genesis block – it then catches up by itself',
      { cause },
    );
  }
}
