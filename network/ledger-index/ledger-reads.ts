import type { LedgerBlock } from '../protocol/inspection/ledger-block';
import { Undecodable } from '../protocol/inspection/layer';
import { placeOf, type Place } from './place';
import type { View } from './place-cursor';
import {
  decodeBlock,
  decodeNumber,
  decodeTransaction,
  decodeWrite,
  type BlockEntry,
  type TouchedKey,
  type TransactionEntry,
  type WriteEntry,
} from './records';
import { unsealed } from './store';
import {
  Area,
  blockHashKey,
  orderAtEnd,
  orderKey,
  prefixBounds,
  stateText,
  textBounds,
  textKey,
  textOfKey,
  textOrderKey,
} from './store-keys';
import { LAST_ORDER, orderOf } from './place';
import { CorruptIndex } from './errors';

/** A write of a key with where it stands and who made it. */
export interface HistoryEntry extends Place, WriteEntry {
  readonly transaction: TransactionEntry;
}

/** A key as the chain leaves it: its version is the place of its last write. */
export interface StateEntry extends Place, WriteEntry {
  readonly key: string;
}

/** What views other than a search ask, of one state of the index. */
export class LedgerReads {
  constructor(private readonly view: View) {}

  /** Newest first, from a number downwards. */
  async blocks(from: number, limit: number): Promise<BlockEntry[]> {
    const { store, snapshot } = this.view;
    const bounds = { gte: orderKey(Area.BLOCK, from), lte: orderKey(Area.BLOCK, 0) };
    const read = await store.iterator({ ...bounds, limit, snapshot }).all();
    return read.map(([key, value]) => decodeBlock(unsealed(key, value)));
  }

  async block(number: number): Promise<BlockEntry | undefined> {
    if (!(number >= 0 && number <= LAST_ORDER)) return undefined;
    const stored = await this.#get(orderKey(Area.BLOCK, number));
    return stored && decodeBlock(stored);
  }

  async blockByHash(headerHash: Uint8Array): Promise<BlockEntry | undefined> {
    const stored = await this.#get(blockHashKey(headerHash));
    return stored && this.block(decodeNumber(stored));
  }

  async transaction(place: Place): Promise<TransactionEntry | undefined> {
    const stored = await this.#get(orderKey(Area.TRANSACTION, orderOf(place)));
    return stored && decodeTransaction(stored);
  }

  /** Transactions of a block, first one first. */
  async transactions(block: number): Promise<TransactionEntry[]> {
    const { store, snapshot } = this.view;
    const newest = orderOf({ block: block + 1, tx: 0 }) - 1;
    const bounds = {
      gte: orderKey(Area.TRANSACTION, newest),
      lte: orderKey(Area.TRANSACTION, orderOf({ block, tx: 0 })),
    };
    const read = await store.iterator({ ...bounds, reverse: true, snapshot }).all();
    return read.map(([key, value]) => decodeTransaction(unsealed(key, value)));
  }

  /** Committed writes of a key, newest first, from a place downwards. */
  async history({ contract, key }: TouchedKey, limit: number, from?: Place): Promise<HistoryEntry[]> {
    const { store, snapshot } = this.view;
    const bounds = textBounds(Area.HISTORY, stateText(contract, key), from ? orderOf(from) : LAST_ORDER);
    const read = await store.iterator({ ...bounds, limit, snapshot }).all();
    return Promise.all(
      read.map(async ([stored, value]) => {
        const place = placeOf(orderAtEnd(stored));
        const transaction = await this.transaction(place);
        if (transaction === undefined) throw new CorruptIndex('a transaction is missing');
        return { ...place, ...decodeWrite(unsealed(stored, value)), transaction };
      }),
    );
  }

  /**
   * Keys of a contract that exist, in the order of their bytes.
   * @param after the last key of the page before
   */
  async state(contract: string, prefix: string, limit: number, after?: string): Promise<StateEntry[]> {
    const { store, snapshot } = this.view;
    const { gte, lte } = prefixBounds(Area.STATE, stateText(contract, prefix));
    const from = after === undefined ? { gte } : { gt: textKey(Area.STATE, stateText(contract, after)) };
    const read = await store.iterator({ ...from, lte, limit, snapshot }).all();
    return Promise.all(read.map(([key, value]) => this.#stateEntry(key, value, contract)));
  }

  /** Undefined where there is no such key now. */
  async stateOf({ contract, key }: TouchedKey): Promise<StateEntry | undefined> {
    const storeKey = textKey(Area.STATE, stateText(contract, key));
    const { store, snapshot } = this.view;
    const stored = await store.get(storeKey, { snapshot });
    return stored && this.#stateEntry(storeKey, stored, contract);
  }

  async #stateEntry(storeKey: Buffer, stored: Buffer, contract: string): Promise<StateEntry> {
    const order = decodeNumber(unsealed(storeKey, stored));
    const text = textOfKey(storeKey);
    const written = await this.#get(textOrderKey(Area.HISTORY, text, order));
    if (written === undefined) throw new CorruptIndex('a written value is missing');
    return { key: text.slice(contract.length + 1), ...placeOf(order), ...decodeWrite(written) };
  }

  /** Contracts that have keys now. */
  async contracts(): Promise<string[]> {
    const { store, snapshot } = this.view;
    const end = Buffer.of(Area.STATE + 1);
    const iterator = store.keys({ gte: Buffer.of(Area.STATE), lt: end, snapshot });
    try {
      const found: string[] = [];
      for (;;) {
        const [key] = await iterator.nextv(1);
        if (key === undefined) return found;
        const text = textOfKey(key);
        const contract = text.slice(0, text.indexOf('\0'));
        found.push(contract);
        iterator.seek(Buffer.from(textKey(Area.STATE, `${contract}\x01`)));
      }
    } finally {
      await iterator.close();
    }
  }

  async #get(key: Buffer): Promise<Buffer | undefined> {
    const { store, snapshot } = this.view;
    const stored = await store.get(key, { snapshot });
    return stored && unsealed(key, stored);
  }
}

/** The value that a transaction of a block wrote to a key: where the index does not keep it. Undefined: it wrote none. */
export function writtenValue(
  block: LedgerBlock,
  tx: number,
  { contract, key }: TouchedKey,
): Uint8Array | undefined {
  const sets = block.transactions[tx]?.actions[0]?.sets;
  if (sets === undefined || sets instanceof Undecodable) return undefined;
  return sets
    .filter(({ namespace }) => namespace === contract)
    .flatMap(({ public: own }) => own.writes)
    .findLast((write) => write.key === key)?.value;
}
