import { CorruptIndex, LedgerQueryError } from './errors';
import { endOfBlock, LAST_BLOCK, LAST_ORDER, orderOf, placeOf, type Place } from './place';
import {
  CommonCursor,
  EveryCursor,
  KnownCursor,
  placesOfPrefix,
  TermCursor,
  UnionCursor,
  type PlaceCursor,
  type View,
} from './place-cursor';
import {
  decodeNumber,
  decodeProgress,
  decodeTexts,
  decodeTransaction,
  type TouchedKey,
  type TransactionEntry,
} from './records';
import { unsealed } from './store';
import { Area, blockHashKey, orderKey, PROGRESS_KEY, type AreaByte } from './store-keys';
import {
  codeTerm,
  contractTerm,
  coveringTimeTerms,
  creatorTerm,
  eventTerm,
  functionTerm,
  idTerm,
  keyTerm,
  organizationTerm,
  typeTerm,
  coveringPrefixTerm,
  wordTerm,
} from './terms';
import { Phrase } from './words';

/** Conditions on a transaction; all that are given must hold. */
export interface LedgerQuery {
  readonly block?: number | undefined;
  /** Header hash of its block. */
  readonly blockHash?: Uint8Array | undefined;
  readonly id?: string | undefined;
  /** A public key it reads or writes. */
  readonly key?: TouchedKey | undefined;
  readonly keyPrefix?: { readonly contract: string; readonly prefix: string } | undefined;
  /** The contract that was called. */
  readonly contract?: string | undefined;
  readonly function?: string | undefined;
  readonly creator?: { readonly mspId: string; readonly subject: string } | undefined;
  /** MSP of the creator. */
  readonly organization?: string | undefined;
  /** Validation code. */
  readonly code?: number | undefined;
  readonly event?: string | undefined;
  /** Name of the header type, such as `CONFIG`. */
  readonly type?: string | undefined;
  /** Time claimed by the client: from then on, and before. */
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
  /** Words that follow each other in an argument or a written value, in either case, whatever stands between them. */
  readonly text?: string | undefined;
}

export interface FoundTransaction extends Place, TransactionEntry {}

const MOST_ENTRIES = 4000;
/** Candidates that are looked at together. */
const TOGETHER = 64;

/** A query as it is carried out on one state of the index. */
export class Search {
  readonly #phrase: Phrase | undefined;

  /**
   * Throws LedgerQueryError where the query cannot be meant.
   * @param mostEntries of keys with one prefix that are gone through, where their prefix has no term of its own; more of them are found by a shorter one
   */
  constructor(
    private readonly view: View,
    private readonly query: LedgerQuery,
    private readonly mostEntries = MOST_ENTRIES,
  ) {
    const { text, from, before } = query;
    this.#phrase = text === undefined ? undefined : new Phrase(text);
    if (this.#phrase?.terms.length === 0)
      throw new LedgerQueryError(`"${text}" has no letter or digit to search for`);
    for (const time of [from, before])
      if (time !== undefined && Number.isNaN(time.getTime())) throw new LedgerQueryError('a time is none');
  }

  /** The newest that match, not behind a place, which is below the last of the page before. */
  async page(bound: number, limit: number): Promise<{ found: FoundTransaction[]; more: boolean }> {
    const places: number[] = [];
    for await (const place of this.#matching(bound)) {
      if (places.push(place) > limit) break;
    }
    const more = places.length > limit;
    const shown = places.slice(0, limit);
    const entries = await this.#entries(shown);
    return { found: entries.map((entry, index) => ({ ...placeOf(shown[index] ?? 0), ...entry })), more };
  }

  /** How many match. Ends with the signal's reason when it is aborted. */
  async count(signal?: AbortSignal): Promise<number> {
    let count = 0;
    if (!this.#phrase?.doubtful && this.query.block === undefined && this.query.blockHash === undefined) {
      const cursor = await this.#cursor();
      try {
        if (cursor instanceof TermCursor && !cursor.doubtful) return await cursor.count(signal);
      } finally {
        await cursor.close();
      }
    }
    const matching = this.#matching(LAST_ORDER);
    for (let next = await matching.next(); next.done !== true; next = await matching.next()) {
      count += 1;
      if (count % 1024 === 0) signal?.throwIfAborted();
    }
    return count;
  }

  async *#matching(bound: number): AsyncGenerator<number> {
    const [oldest, newest] = await this.#range(bound);
    if (newest < oldest) return;
    const cursor = await this.#cursor();
    try {
      let sure: number[] = [];
      let doubtful: number[] = [];
      let next = await cursor.seek(newest);
      for (
        ;
        next !== undefined && next >= oldest;
        next = next === 0 ? undefined : await cursor.seek(next - 1)
      ) {
        if (!cursor.doubtful && !this.#phrase?.doubtful) {
          if (doubtful.length === 0) yield next;
          else sure.push(next);
        } else doubtful.push(next);
        if (doubtful.length + sure.length < TOGETHER) continue;
        yield* await this.#confirmed(sure, doubtful);
        [sure, doubtful] = [[], []];
      }
      yield* await this.#confirmed(sure, doubtful);
    } finally {
      await cursor.close();
    }
  }

  /** Those that match, newest first. */
  async #confirmed(sure: readonly number[], doubtful: readonly number[]): Promise<number[]> {
    if (doubtful.length === 0) return [...sure];
    const { keyPrefix, from, before } = this.query;
    const byEntry = keyPrefix ?? from ?? before;
    const entries = byEntry === undefined ? [] : await this.#entries(doubtful);
    const texts = this.#phrase?.doubtful ? await this.#read(Area.TEXT, doubtful) : undefined;
    const confirmed = doubtful.filter((_, index) => {
      const entry = entries[index];
      if (entry !== undefined && !this.#entryMatches(entry)) return false;
      if (texts === undefined) return true;
      const stored = texts[index];
      return stored !== undefined && decodeTexts(stored).some((text) => this.#phrase?.isIn(text));
    });
    return [...sure, ...confirmed].sort((one, other) => other - one);
  }

  #entryMatches({ keys, claimedTime }: TransactionEntry): boolean {
    const { keyPrefix, from, before } = this.query;
    if (
      keyPrefix &&
      !keys.some(({ contract, key }) => contract === keyPrefix.contract && key.startsWith(keyPrefix.prefix))
    )
      return false;
    if (from === undefined && before === undefined) return true;
    if (claimedTime === undefined) return false;
    const { seconds, nanos } = claimedTime;
    const milliseconds = seconds * 1000 + nanos / 1e6;
    return milliseconds >= (from?.getTime() ?? -Infinity) && milliseconds < (before?.getTime() ?? Infinity);
  }

  /** Places that the block conditions leave. */
  async #range(bound: number): Promise<[oldest: number, newest: number]> {
    const { block, blockHash } = this.query;
    const blocks: number[] = block === undefined ? [] : [block];
    if (blockHash !== undefined) {
      const number = await this.#blockWithHash(blockHash);
      if (number === undefined) return [1, 0];
      blocks.push(number);
    }
    if (blocks.some((number) => !(number >= 0 && number <= LAST_BLOCK))) return [1, 0];
    return [
      Math.max(0, ...blocks.map((number) => orderOf({ block: number, tx: 0 }))),
      Math.min(bound, ...blocks.map(endOfBlock)),
    ];
  }

  async #blockWithHash(hash: Uint8Array): Promise<number | undefined> {
    const stored = await this.#get(blockHashKey(hash));
    return stored && decodeNumber(stored);
  }

  async #get(key: Buffer): Promise<Buffer | undefined> {
    const { store, snapshot } = this.view;
    const stored = await store.get(key, { snapshot });
    return stored && unsealed(key, stored);
  }

  async #cursor(): Promise<PlaceCursor> {
    const { id, key, contract, creator, organization, code, event, type, function: name } = this.query;
    const terms = [
      id !== undefined && idTerm(id),
      key && keyTerm(key.contract, key.key),
      ...(this.#phrase?.terms.map(wordTerm) ?? []),
      event !== undefined && eventTerm(event),
      creator && creatorTerm(creator.mspId, creator.subject),
      name !== undefined && functionTerm(name),
      code !== undefined && codeTerm(code),
      organization !== undefined && organizationTerm(organization),
      type !== undefined && typeTerm(type),
      contract !== undefined && contractTerm(contract),
    ].filter((term) => typeof term === 'string');
    const cursors: PlaceCursor[] = terms.map((term) => new TermCursor(this.view, term));
    const prefix = await this.#prefixCursor();
    if (prefix) cursors.unshift(prefix);
    const time = await this.#timeCursor();
    if (time) cursors.push(time);
    const [only] = cursors;
    if (only === undefined) return new EveryCursor(this.view);
    return cursors.length === 1 ? only : new CommonCursor(cursors);
  }

  async #prefixCursor(): Promise<PlaceCursor | undefined> {
    if (!this.query.keyPrefix) return undefined;
    const { contract, prefix } = this.query.keyPrefix;
    const { term, exact } = coveringPrefixTerm(contract, prefix);
    if (exact) return new TermCursor(this.view, term);
    const places = await placesOfPrefix(this.view, keyTerm(contract, prefix), this.mostEntries);
    return places ? new KnownCursor(places) : new TermCursor(this.view, term, true);
  }

  async #timeCursor(): Promise<PlaceCursor | undefined> {
    const { from, before } = this.query;
    if (from === undefined && before === undefined) return undefined;
    const stored = await this.#get(PROGRESS_KEY);
    const claimed = stored && decodeProgress(stored).claimed;
    if (claimed === undefined) return new KnownCursor([]);
    // Spans in which nobody claims a time are not looked for.
    const first = Math.max(claimed.first, (from?.getTime() ?? 0) / 1000);
    const last = Math.min(claimed.last + 1, (before?.getTime() ?? Infinity) / 1000);
    const terms = coveringTimeTerms(first, last);
    return new UnionCursor(terms.map(({ term, whole }) => new TermCursor(this.view, term, !whole)));
  }

  async #entries(places: readonly number[]): Promise<TransactionEntry[]> {
    const read = await this.#read(Area.TRANSACTION, places);
    return read.map((stored) => {
      if (stored === undefined) throw new CorruptIndex('a transaction is missing');
      return decodeTransaction(stored);
    });
  }

  async #read(area: AreaByte, places: readonly number[]): Promise<(Buffer | undefined)[]> {
    const { store, snapshot } = this.view;
    const keys = places.map((place) => orderKey(area, place));
    const stored = keys.length === 0 ? [] : await store.getMany(keys, { snapshot });
    return stored.map((value, index) => {
      const key = keys[index];
      return value && key && unsealed(key, value);
    });
  }
}
