import type { LedgerBlock } from '../protocol/inspection/ledger-block';
import { extractBlock, extractTransaction, type CommittedWrite } from './extract';
import { orderOf } from './place';
import type { PostingWriter } from './posting-list';
import {
  encodeBlock,
  encodeNumber,
  encodeProgress,
  encodeTexts,
  encodeTransaction,
  encodeWrite,
  type Progress,
} from './records';
import { sealed } from './store';
import { Area, blockHashKey, orderKey, PROGRESS_KEY, stateText, textKey, textOrderKey } from './store-keys';

/** Longer values stay in their block. Bytes. */
export const VALUE_BOUND = 1024;

const MOST_TRANSACTIONS = 500;
const MOST_BYTES = 4 * 1024 * 1024;

export type Operation =
  | { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: Buffer };

/** Entries of blocks that follow each other: written together with how far they reach, or not at all. */
export class BlockBatch {
  readonly #operations: Operation[] = [];
  readonly #places = new Map<string, number[]>();
  #bytes = 0;
  #transactions = 0;

  constructor(public progress: Progress) {}

  get empty(): boolean {
    return this.#operations.length === 0;
  }

  get full(): boolean {
    return this.#transactions >= MOST_TRANSACTIONS || this.#bytes >= MOST_BYTES;
  }

  /** @param bytes length of the serialized block */
  add(block: LedgerBlock, bytes: number): void {
    const entry = extractBlock(block, bytes);
    this.#put(orderKey(Area.BLOCK, block.number), encodeBlock(entry));
    this.#put(blockHashKey(entry.headerHash), encodeNumber(block.number));
    let { claimed } = this.progress;
    for (const transaction of block.transactions) {
      const order = orderOf({ block: block.number, tx: transaction.position });
      const { entry: row, terms, texts, writes } = extractTransaction(transaction);
      this.#put(orderKey(Area.TRANSACTION, order), encodeTransaction(row));
      if (texts.length > 0) this.#put(orderKey(Area.TEXT, order), encodeTexts(texts));
      for (const term of terms) {
        const places = this.#places.get(term);
        if (places === undefined) this.#places.set(term, [order]);
        else places.push(order);
      }
      for (const write of writes) this.#write(order, write);
      if (row.claimedTime) claimed = including(claimed, row.claimedTime.seconds);
    }
    this.#transactions += block.transactions.length;
    this.progress = {
      ...this.progress,
      height: block.number + 1,
      lastHash: entry.headerHash,
      transactions: this.progress.transactions + block.transactions.length,
      claimed,
    };
  }

  #write(order: number, { contract, key, deleted, value }: CommittedWrite): void {
    const text = stateText(contract, key);
    const kept = value.length <= VALUE_BOUND ? Buffer.from(value) : undefined;
    const written = encodeWrite({ deleted, length: value.length, value: kept });
    this.#put(textOrderKey(Area.HISTORY, text, order), written);
    const stateKey = textKey(Area.STATE, text);
    if (deleted) this.#operations.push({ type: 'del', key: stateKey });
    else this.#put(stateKey, encodeNumber(order));
  }

  #put(key: Buffer, value: Buffer): void {
    this.#bytes += key.length + value.length;
    this.#operations.push({ type: 'put', key, value: sealed(key, value) });
  }

  /** Everything to write, how far it reaches included. */
  finish(postings: PostingWriter): Operation[] {
    for (const [term, places] of this.#places) {
      postings.add(term, places, (key, value) => this.#put(key, value));
    }
    this.#put(PROGRESS_KEY, encodeProgress(this.progress));
    return this.#operations;
  }
}

function including(claimed: Progress['claimed'], seconds: number): Progress['claimed'] {
  if (claimed === undefined) return { first: seconds, last: seconds };
  if (seconds >= claimed.first && seconds <= claimed.last) return claimed;
  return { first: Math.min(claimed.first, seconds), last: Math.max(claimed.last, seconds) };
}
