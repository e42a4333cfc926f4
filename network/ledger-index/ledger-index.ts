import { CorruptIndex, IndexRebuilt, LedgerQueryError, LedgerReplaced } from './errors';
import { messageOf } from '../protocol/cause';
import type { BlockBatch } from './block-batch';
import { follow, type BlockSource, type FollowOptions } from './follow';
import { LedgerReads, type HistoryEntry, type StateEntry } from './ledger-reads';
import { LAST_ORDER, orderOf, type Place } from './place';
import { PostingWriter } from './posting-list';
import {
  decodeProgress,
  type BlockEntry,
  type Progress,
  type TouchedKey,
  type TransactionEntry,
} from './records';
import { Search, type FoundTransaction, type LedgerQuery } from './search';
import { discardStore, openStore, removeDiscarded, saysCorrupt, unsealed, type Store } from './store';
import { PROGRESS_KEY } from './store-keys';
import type { View } from './place-cursor';

/** Why everything was deleted and is read again. `detail` is for the user. */
export interface Rebuild {
  readonly cause: 'corrupt' | 'ledger replaced';
  readonly detail: string;
}

export interface SearchPage {
  readonly found: readonly FoundTransaction[];
  /** Of the next page; undefined on the last one. */
  readonly cursor: string | undefined;
}

const EMPTY = Buffer.alloc(0);

/**
 * The index of one channel, on disk: follows it block by block and answers searches meanwhile. One process has it open
 * at a time. Whatever is wrong with the folder, it is deleted and built anew: nothing in it exists there alone.
 */
export class LedgerIndex {
  #store: Store;
  #progress: Progress;
  #postings = new PostingWriter();
  #rebuilds: Rebuild[] = [];
  #damage = new AbortController();

  private constructor(
    readonly folder: string,
    readonly channelId: string,
    opened: { readonly store: Store; readonly progress: Progress },
  ) {
    this.#store = opened.store;
    this.#progress = opened.progress;
  }

  /**
   * Opens or creates an index. One that cannot be read is deleted: `rebuilds` then says why.
   * @param folder of this channel alone; the one above it must be the network's own
   * @throws LedgerIndexError `in use`, `unusable folder`
   */
  static async open(folder: string, channelId: string): Promise<LedgerIndex> {
    await removeDiscarded(folder);
    try {
      return new LedgerIndex(folder, channelId, await opened(folder, channelId));
    } catch (error) {
      if (!saysCorrupt(error)) throw error;
      await discardStore(folder);
      const index = new LedgerIndex(folder, channelId, await opened(folder, channelId));
      index.#rebuilds.push({ cause: 'corrupt', detail: messageOf(error) });
      return index;
    }
  }

  /** Blocks that can be found. */
  get height(): number {
    return this.#progress.height;
  }

  /** Transactions that can be found. */
  get transactions(): number {
    return this.#progress.transactions;
  }

  /** Header hash of block 0; undefined as long as there is none. */
  get genesisHash(): Uint8Array | undefined {
    return this.#progress.height === 0 ? undefined : this.#progress.genesisHash;
  }

  /** What was deleted and read again since it was opened, oldest first. */
  get rebuilds(): readonly Rebuild[] {
    return this.#rebuilds;
  }

  /**
   * Takes in blocks until the source ends or the signal says so. Starts anew by itself when the ledger turns out to be
   * another one, or the index corrupt. May be called again after it failed, by one caller at a time.
   * @throws LedgerIndexError `bad source`; whatever the source throws
   */
  async follow(source: BlockSource, options: FollowOptions = {}): Promise<void> {
    while (options.signal?.aborted !== true) {
      const signal = AbortSignal.any([this.#damage.signal, ...(options.signal ? [options.signal] : [])]);
      try {
        await follow(this.channelId, this.#progress, source, { ...options, signal }, (batch) =>
          this.#write(batch),
        );
        if (!this.#damage.signal.aborted) return;
      } catch (error) {
        if (error instanceof LedgerReplaced)
          await this.#rebuild({ cause: 'ledger replaced', detail: error.message });
        else if (saysCorrupt(error)) await this.#rebuild({ cause: 'corrupt', detail: messageOf(error) });
        else if (!this.#damage.signal.aborted) throw error;
      }
      if (this.#damage.signal.aborted) await this.#rebuild(corruptionOf(this.#damage.signal));
      const latest = this.#rebuilds.at(-1);
      if (latest) options.onRebuild?.(latest);
    }
  }

  async #write(batch: BlockBatch): Promise<void> {
    await this.#store.batch(batch.finish(this.#postings));
    this.#progress = batch.progress;
  }

  async #rebuild(rebuild: Rebuild): Promise<void> {
    this.#progress = nothing(this.channelId);
    this.#postings = new PostingWriter();
    this.#damage = new AbortController();
    await this.#store.close();
    await discardStore(this.folder);
    this.#store = await openStore(this.folder);
    this.#rebuilds.push(rebuild);
  }

  /**
   * Newest first.
   * @param cursor of the page before
   * @throws LedgerQueryError, IndexRebuilt
   */
  search(
    query: LedgerQuery,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<SearchPage> {
    return this.#read(async (view) => {
      const bound = cursor === undefined ? LAST_ORDER : this.#readCursor(cursor);
      const { found, more } = await new Search(view, query).page(bound, limit);
      const last = found.at(-1);
      return { found, cursor: more && last ? this.#cursorAfter(last) : undefined };
    });
  }

  /** How many transactions match: exact, and slower than a page. */
  count(query: LedgerQuery, signal?: AbortSignal): Promise<number> {
    return this.#read((view) => new Search(view, query).count(signal));
  }

  /** Newest first, from a number downwards; from the last one by default. */
  blocks(limit: number, from = this.height - 1): Promise<BlockEntry[]> {
    return this.#read((view) => new LedgerReads(view).blocks(Math.max(0, from), limit));
  }

  block(number: number): Promise<BlockEntry | undefined> {
    return this.#read((view) => new LedgerReads(view).block(number));
  }

  blockByHash(headerHash: Uint8Array): Promise<BlockEntry | undefined> {
    return this.#read((view) => new LedgerReads(view).blockByHash(headerHash));
  }

  transaction(place: Place): Promise<TransactionEntry | undefined> {
    return this.#read((view) => new LedgerReads(view).transaction(place));
  }

  /** Transactions of a block, first one first. */
  transactionsOf(block: number): Promise<TransactionEntry[]> {
    return this.#read((view) => new LedgerReads(view).transactions(block));
  }

  /** Committed writes of a key, newest first, from a place downwards. */
  history(key: TouchedKey, limit: number, from?: Place): Promise<HistoryEntry[]> {
    return this.#read((view) => new LedgerReads(view).history(key, limit, from));
  }

  /** Keys of a contract that exist, in the order of their bytes; `after` is the last one of the page before. */
  state(contract: string, limit: number, { prefix = '', after }: { prefix?: string; after?: string } = {}) {
    return this.#read((view) => new LedgerReads(view).state(contract, prefix, limit, after));
  }

  stateOf(key: TouchedKey): Promise<StateEntry | undefined> {
    return this.#read((view) => new LedgerReads(view).stateOf(key));
  }

  /** Contracts that have keys now. */
  contracts(): Promise<string[]> {
    return this.#read((view) => new LedgerReads(view).contracts());
  }

  /** Another process may open it afterwards. End `follow` first. */
  close(): Promise<void> {
    return this.#store.close();
  }

  /** Reads one state of the index, whatever is written meanwhile. */
  async #read<T>(ask: (view: View) => Promise<T>): Promise<T> {
    const store = this.#store;
    if (store.status !== 'open') throw new IndexRebuilt('the index is being built anew');
    const snapshot = store.snapshot();
    try {
      return await ask({ store, snapshot });
    } catch (error) {
      if (saysCorrupt(error)) this.#damage.abort(error);
      else if (store === this.#store && store.status === 'open') throw error;
      throw new IndexRebuilt('the index is being built anew', { cause: error });
    } finally {
      await snapshot.close();
    }
  }

  #cursorAfter(last: Place): string {
    const genesis = Buffer.from(this.genesisHash ?? EMPTY).toString('hex');
    return Buffer.from(`${genesis}.${orderOf(last)}`).toString('base64url');
  }

  /** Where the next page begins. */
  #readCursor(cursor: string): number {
    const [genesis, order] = Buffer.from(cursor, 'base64url').toString().split('.');
    const last = Number(order);
    if (genesis !== Buffer.from(this.genesisHash ?? EMPTY).toString('hex') || !Number.isSafeInteger(last))
      throw new LedgerQueryError('this page belongs to another ledger: search again');
    return last - 1;
  }
}

const nothing = (channelId: string): Progress => ({
  ...{ channelId, genesisHash: EMPTY, lastHash: EMPTY, height: 0, transactions: 0, claimed: undefined },
});

function corruptionOf({ reason }: AbortSignal): Rebuild {
  return { cause: 'corrupt', detail: messageOf(reason) };
}

async function opened(folder: string, channelId: string): Promise<{ store: Store; progress: Progress }> {
  const store = await openStore(folder);
  try {
    const stored = await store.get(PROGRESS_KEY);
    if (stored === undefined) {
      const [stray] = await store.keys({ limit: 1 }).all();
      if (stray !== undefined) throw new CorruptIndex('it does not say how far it has got');
      return { store, progress: nothing(channelId) };
    }
    const progress = decodeProgress(unsealed(PROGRESS_KEY, stored));
    if (progress.channelId !== channelId) throw new CorruptIndex(`it is of channel ${progress.channelId}`);
    return { store, progress };
  } catch (error) {
    await store.close();
    throw error;
  }
}
