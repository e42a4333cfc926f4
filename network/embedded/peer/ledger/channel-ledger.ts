import { common, peer } from '@hyperledger/fabric-protos';
import path from 'node:path';
import {
  blockData,
  blockHeader,
  blockHeaderHash,
  commitHash,
  transactionsFilter,
} from '../../../protocol/block';
import { validationCode, type ValidationCode } from '../../../protocol/validation-code';
import type { BlockFile } from '../../node/block-file';
import { createLogger } from '../../node/logging';
import { secondsSince } from '../../node/metrics';
import { blockChanges } from './block-changes';
import { BlockStore, openBlockFile } from './block-store';
import { blockTransactions, type BlockTransaction } from '../../../protocol/validation/block-transaction';
import type { CheckedBlock } from '../../../protocol/validation/block-validator';
import { deterministicBytes, nextCommitHash } from '../../../protocol/validation/commit-hash';
import { writeCommitMetadata } from './commit-metadata';
import type { BlockToLive } from './expiry';
import { hashNamespace } from '../../../protocol/validation/state';
import { Area, readMissingKey, type PrivateSetId } from './keys';
import { BlockMismatch, LedgerError } from './ledger-errors';
import { recordCommit, type LedgerMetrics } from './ledger-metrics';
import { LedgerSnapshot } from './ledger-snapshot';
import { MetadataHint } from './metadata';
import {
  matchingPrivateSet,
  privateDataChanges,
  recoverPrivateData,
  referencedPrivateSets,
  storedPrivateSets,
  type ReferencedPrivateSet,
  type RetrievedPrivateData,
} from './private-data';
import type { PrivateNamespaceSet } from '../../../protocol/read-write-set';
import { reconciliationChanges } from './reconciliation';
import {
  clearDerived,
  openDatabase,
  StateReader,
  writeChanges,
  type Database,
  type Savepoint,
} from './state-database';
import { stateCandidates, validEndorsed } from '../../../protocol/validation/state-candidates';
import { validateState } from '../../../protocol/validation/state-validation';
import { knownTransactions } from './transaction-index';
import { LevelTransientStore, TRANSIENT_BLOCK_RETENTION } from './transient-store';
import type { ChannelLedger, CommittedBlock, StateSnapshot } from './types';

const logger = createLogger('kvledger');
const { INVALID_OTHER_REASON } = peer.TxValidationCode;

export interface LedgerOptions {
  readonly metrics?: LedgerMetrics;
  /** Lifetime of private values; read from committed definitions. */
  readonly blockToLive: (reader: StateReader) => BlockToLive;
  /** Whether this peer may hold a collection: after a loss of its database the write sets are sought again. */
  readonly mayHold: (state: StateReader, namespace: string, collection: string) => Promise<boolean>;
}

/** Finds the private write sets of a block's valid transactions. */
export type RetrievePrivateData = (
  referenced: readonly ReferencedPrivateSet[],
) => Promise<RetrievedPrivateData>;

/**
 * The ledger of one channel: blocks in a file, everything derived from them in one LevelDB. A block is on disk before
 * its state is, and its state before anyone hears of it; a database that lags behind the file is rolled forward.
 */
export class LevelChannelLedger implements ChannelLedger {
  readonly transientStore: LevelTransientStore;
  readonly #listeners = new Set<(committed: CommittedBlock) => void>();
  #work: Promise<unknown> = Promise.resolve();
  readonly #store: BlockStore;

  private constructor(
    readonly channelId: string,
    private readonly blocks: BlockFile,
    private readonly database: Database,
    private readonly hint: MetadataHint,
    private readonly options: LedgerOptions,
    private savepoint: Savepoint,
  ) {
    this.transientStore = new LevelTransientStore(database);
    this.#store = new BlockStore(blocks, database, () => this.height);
  }

  /**
   * Opens a channel's ledger in `folder`, made if absent, and brings its database up to its blocks.
   * Throws LedgerError or StateDatabaseError with the way out.
   */
  static async open(folder: string, channelId: string, options: LedgerOptions): Promise<LevelChannelLedger> {
    const blocks = await openBlockFile(folder);
    try {
      const database = await openDatabase(path.join(folder, 'state'));
      try {
        const reader = new StateReader(database);
        const ledger = new LevelChannelLedger(
          channelId,
          blocks,
          database,
          await MetadataHint.load(reader),
          options,
          await reader.savepoint(),
        );
        return await ledger.#recover();
      } catch (error) {
        await database.close();
        throw error;
      }
    } catch (error) {
      await blocks.close();
      throw error;
    }
  }

  get height(): number {
    return this.savepoint.height;
  }

  get currentBlockHash(): Uint8Array {
    return this.savepoint.currentBlockHash;
  }

  get previousBlockHash(): Uint8Array {
    return this.savepoint.previousBlockHash;
  }

  /** Commit hash of the last block; empty before block 1. */
  get commitHash(): Uint8Array {
    return this.savepoint.commitHash;
  }

  /** Reads of the latest committed state, for validation; not a consistent view across a commit. */
  get state(): StateReader {
    return new StateReader(this.database);
  }

  block(number: number): Promise<common.Block | undefined> {
    return this.#store.block(number);
  }

  blockByHash(headerHash: Uint8Array): Promise<common.Block | undefined> {
    return this.#store.byHash(headerHash);
  }

  blockByTxId(txId: string): Promise<common.Block | undefined> {
    return this.#store.byTxId(txId);
  }

  transaction(txId: string): Promise<peer.ProcessedTransaction | undefined> {
    return this.#store.transaction(txId);
  }

  outcome(txId: string): Promise<{ code: ValidationCode; block: number } | undefined> {
    return this.#store.outcome(txId);
  }

  /** Which of the transaction ids stand in the ledger already. */
  known(txIds: readonly string[]): Promise<Set<string>> {
    return knownTransactions(this.database, txIds);
  }

  /** Metadata of a committed key, where its own policy may stand; of a private one by collection and key hash. */
  async metadata(namespace: string, collection: string, key: string): Promise<Uint8Array | undefined> {
    if (!this.hint.everUsed(namespace)) return undefined;
    const stored =
      collection === ''
        ? await this.state.get(namespace, key)
        : await this.state.get(hashNamespace(namespace, collection), Buffer.from(key, 'latin1'));
    return stored?.metadata;
  }

  snapshot(): Promise<StateSnapshot> {
    return LedgerSnapshot.take(this.database, (block, tx) => this.#store.envelope(block, tx));
  }

  onCommit(listener: (committed: CommittedBlock) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Validates a checked block against state and commits it. Resolves when block and state are safe; listeners have
   * then been told. Throws BlockMismatch when the block does not follow the last one.
   */
  commit(checked: CheckedBlock, retrieve: RetrievePrivateData): Promise<CommittedBlock> {
    return this.#inTurn(() => this.#commit(checked, retrieve));
  }

  /** Private write sets this peer should hold and does not, oldest first. */
  async missingPrivateData(limit: number): Promise<PrivateSetId[]> {
    const found: PrivateSetId[] = [];
    for await (const key of this.state.keys(Buffer.from([Area.MISSING]))) {
      if (found.length >= limit) break;
      found.push(readMissingKey(key));
    }
    return found;
  }

  /** Private write sets of a committed transaction, as far as this peer holds them. */
  privateData(block: number, tx: number): Promise<PrivateNamespaceSet[]> {
    return storedPrivateSets(this.database, { block, tx });
  }

  /** Takes in a write set that was missing; false when it is not the one its transaction refers to. */
  reconcile(id: PrivateSetId, privateReadWriteSet: Uint8Array): Promise<boolean> {
    return this.#inTurn(async () => {
      const stored = await this.#store.at(id.block, id.tx);
      const wanted = referencedPrivateSets(id.block, stored === undefined ? [] : [stored.transaction]).find(
        ({ namespace, collection }) => namespace === id.namespace && collection === id.collection,
      );
      const set = wanted && matchingPrivateSet(privateReadWriteSet, wanted);
      if (stored === undefined || set === undefined) return false;
      const lifetime = this.options.blockToLive(this.state);
      const changes = await reconciliationChanges(this.database, id, stored.code, set, lifetime);
      await writeChanges(this.database, changes, true);
      return true;
    });
  }

  /** Waits for a commit under way, then closes files. */
  async close(): Promise<void> {
    await this.#inTurn(() => Promise.resolve());
    await this.database.close();
    await this.blocks.close();
  }

  /** Id of a committed transaction. */
  async txIdAt(block: number, tx: number): Promise<string | undefined> {
    return (await this.#store.at(block, tx))?.transaction.txId;
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#work.then(task);
    this.#work = result.catch(() => undefined);
    return result;
  }

  async #commit({ block, transactions, codes: checked }: CheckedBlock, retrieve: RetrievePrivateData) {
    // A database that failed in the middle of the last commit catches up first.
    await this.#rollForward();
    const started = process.hrtime.bigint();
    const { number, header } = this.#follows(block);
    const codes = [...checked];
    const outcome = await validateState(number, stateCandidates(transactions, codes), this.state, this.hint);
    for (const [tx, code] of outcome.codes) codes[tx] = code;
    const hash =
      number === 0
        ? new Uint8Array()
        : nextCommitHash(Uint8Array.from(codes), deterministicBytes(outcome.updates), this.commitHash);
    writeCommitMetadata(block, codes, number === 0 ? undefined : hash);
    const valid = validEndorsed(transactions, codes);
    const privateData = await retrieve(referencedPrivateSets(number, valid));
    const processed = process.hrtime.bigint();

    await writeChanges(this.database, privateDataChanges(number, privateData), true);
    const storing = process.hrtime.bigint();
    await this.blocks.append(block.serializeBinary());
    const stored = process.hrtime.bigint();

    await this.#apply({
      number,
      transactions,
      codes,
      updates: outcome.updates,
      privateData,
      savepoint: {
        height: number + 1,
        currentBlockHash: blockHeaderHash(header),
        previousBlockHash: header.getPreviousHash_asU8(),
        commitHash: hash,
      },
    });
    this.#store.keep(number, block);
    await this.#forgetTransient(number, valid);
    logger.info(
      `[${this.channelId}] Committed block [${number}] with ${transactions.length} transaction(s) ` +
        `in ${Math.round(secondsSince(started) * 1000)}ms commitHash=[${Buffer.from(hash).toString('hex')}]`,
    );
    if (this.options.metrics !== undefined) {
      const times = { started, processed, storing, stored };
      recordCommit(this.options.metrics, {
        channel: this.channelId,
        height: this.height,
        transactions,
        checked,
        codes,
        times,
      });
    }
    return this.#announce(block, number, transactions, codes);
  }

  /** Header and number of a block, which must be the next one. */
  #follows(block: common.Block): { number: number; header: common.BlockHeader } {
    const header = blockHeader(block);
    const number = header.getNumber();
    if (number !== this.height) {
      throw new BlockMismatch(
        `block ${number} cannot be committed: block ${this.height} of ${this.channelId} is next`,
      );
    }
    if (Buffer.compare(header.getPreviousHash_asU8(), this.currentBlockHash) !== 0) {
      throw new BlockMismatch(
        `block ${number} of ${this.channelId} does not follow block ${number - 1} of this ledger: its previous hash ` +
          `is ${Buffer.from(header.getPreviousHash_asU8()).toString('hex')}. It belongs to another chain`,
      );
    }
    return { number, header };
  }

  async #apply(settled: Parameters<typeof blockChanges>[1]): Promise<void> {
    const lifetime = this.options.blockToLive(this.state);
    await writeChanges(this.database, await blockChanges(this.database, settled, this.hint, lifetime));
    this.savepoint = settled.savepoint;
  }

  async #forgetTransient(number: number, valid: readonly BlockTransaction[]): Promise<void> {
    const withPrivateData = valid.filter((transaction) =>
      transaction.sets().some(({ collections }) => collections.length > 0),
    );
    await this.transientStore.purge(withPrivateData.map(({ txId }) => txId));
    if (number > 0 && number % TRANSIENT_BLOCK_RETENTION === 0) {
      await this.transientStore.purgeBelow(number - TRANSIENT_BLOCK_RETENTION);
    }
  }

  #announce(
    block: common.Block,
    number: number,
    transactions: readonly BlockTransaction[],
    codes: readonly ValidationCode[],
  ): CommittedBlock {
    const committed: CommittedBlock = {
      block,
      number,
      transactions: transactions.map(({ txId, position }) => ({
        txId,
        code: codes[position] ?? INVALID_OTHER_REASON,
      })),
    };
    for (const listener of [...this.#listeners]) {
      try {
        listener(committed);
      } catch (error) {
        logger.error('a listener failed on a committed block', {
          channel: this.channelId,
          block: number,
          error,
        });
      }
    }
    return committed;
  }

  /** Brings the database to where the block file is, whichever of the two is ahead. */
  async #recover(): Promise<this> {
    const { height } = this.savepoint;
    if (height > 0 && !(await this.#sameChain())) {
      logger.warn(
        'the state database is ahead of the block file or of another chain: rebuilding it from the blocks',
        {
          channel: this.channelId,
          blocks: this.blocks.height,
          state: height,
        },
      );
      await clearDerived(this.database);
      this.hint.forget();
      this.savepoint = await this.state.savepoint();
    }
    await this.#rollForward();
    this.options.metrics?.height.set({ channel: this.channelId }, this.height);
    return this;
  }

  async #sameChain(): Promise<boolean> {
    const last = await this.blocks.read(this.savepoint.height - 1);
    if (last === undefined) return false;
    const hash = blockHeaderHash(blockHeader(common.Block.deserializeBinary(last)));
    return hash.equals(this.savepoint.currentBlockHash);
  }

  async #rollForward(): Promise<void> {
    if (this.height < this.blocks.height) {
      logger.info('recommitting blocks to the state database', {
        channel: this.channelId,
        from: this.height,
        to: this.blocks.height - 1,
      });
    }
    while (this.height < this.blocks.height) await this.#recommit(this.height);
  }

  /** Applies a stored block again. Its codes are known; the commit hash shows whether its state comes out the same. */
  async #recommit(number: number): Promise<void> {
    const bytes = await this.blocks.read(number);
    if (bytes === undefined)
      throw new LedgerError(`block ${number} of ${this.channelId} is not in its block file`);
    const block = common.Block.deserializeBinary(bytes);
    const { header } = this.#follows(block);
    const transactions = blockTransactions(blockData(block));
    const codes = [...transactionsFilter(block)].map(validationCode);
    const valid = stateCandidates(transactions, codes);
    const { updates } = await validateState(number, valid, this.state, this.hint, true);
    const stored = commitHash(block);
    const hash =
      number === 0
        ? stored
        : nextCommitHash(Uint8Array.from(codes), deterministicBytes(updates), this.commitHash);
    if (Buffer.compare(stored, hash) !== 0) {
      throw new LedgerError(
        `block ${number} of ${this.channelId} in ${this.blocks.file} yields another commit hash than it carries: delete ` +
          `this channel's folder and let the peer join again, it then catches up from the orderer`,
      );
    }
    await this.#apply({
      number,
      transactions,
      codes,
      updates,
      privateData: await recoverPrivateData(
        this.database,
        referencedPrivateSets(number, validEndorsed(transactions, codes)),
        ({ namespace, collection }) => this.options.mayHold(this.state, namespace, collection),
      ),
      savepoint: {
        height: number + 1,
        currentBlockHash: blockHeaderHash(header),
        previousBlockHash: header.getPreviousHash_asU8(),
        commitHash: stored,
      },
    });
    this.#announce(block, number, transactions, codes);
  }
}
