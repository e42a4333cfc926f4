import { orderKey, Area, orderAtEnd, prefixBounds, textBounds } from './store-keys';
import { countOf, placesOf } from './posting-list';
import { LAST_ORDER } from './place';
import { unsealed, type Store, type StoreSnapshot } from './store';

/** Places of a set of transactions, newest first. */
export interface PlaceCursor {
  /** The newest place that is not behind a bound; bounds only fall. Undefined where there is none. */
  seek(bound: number): Promise<number | undefined>;
  /** Whether the place last found is only likely to be one of them, so that its transaction must be looked at. */
  readonly doubtful: boolean;
  close(): Promise<void>;
}

/** One state of the store. */
export interface View {
  readonly store: Store;
  readonly snapshot: StoreSnapshot;
}

const FIRST_READ = 2;
const MOST_READ = 32;

type Entries = [key: Buffer, value: Buffer][];

/** Places of one term. */
export class TermCursor implements PlaceCursor {
  readonly #iterator;
  #read: Entries = [];
  #next = 0;
  #size = FIRST_READ;
  #started = false;
  #places: number[] = [];

  constructor(
    view: View,
    private readonly term: string,
    readonly doubtful = false,
  ) {
    const { store, snapshot } = view;
    this.#iterator = store.iterator({ ...textBounds(Area.POSTING, term), snapshot });
  }

  async seek(bound: number): Promise<number | undefined> {
    for (;;) {
      const [first] = this.#places;
      if (first !== undefined && first <= bound) return newestUpTo(this.#places, bound);
      if (!(await this.#advance(bound))) return undefined;
    }
  }

  /** Opens the next entry that may hold a place up to the bound. */
  async #advance(bound: number): Promise<boolean> {
    while (this.#next < this.#read.length) {
      const [key, value] = this.#read[this.#next++] ?? [];
      if (key === undefined || value === undefined || orderAtEnd(key) > bound) continue;
      this.#places = placesOf(key, unsealed(key, value));
      return true;
    }
    if (!this.#started || this.#read.length > 0) {
      this.#started = true;
      this.#iterator.seek(textBounds(Area.POSTING, this.term, bound).gte);
      this.#read = await this.#iterator.nextv(this.#size);
      this.#next = 0;
      this.#size = Math.min(this.#size * 2, MOST_READ);
    }
    return this.#read.length > 0 && this.#advance(bound);
  }

  /** How many places there are. */
  async count(signal?: AbortSignal): Promise<number> {
    let count = 0;
    for (;;) {
      const read = await this.#iterator.nextv(1000);
      if (read.length === 0) return count;
      for (const [key, value] of read) count += countOf(unsealed(key, value));
      signal?.throwIfAborted();
    }
  }

  close(): Promise<void> {
    return this.#iterator.close();
  }
}

/** The last of ascending places that is not behind the bound; the first one is not. */
function newestUpTo(places: readonly number[], bound: number): number {
  let low = 0;
  let high = places.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? Infinity) <= bound) low = middle;
    else high = middle;
  }
  return places[low] ?? 0;
}

/** What is in any of several sets. */
export class UnionCursor implements PlaceCursor {
  doubtful = false;
  #heads: { readonly cursor: PlaceCursor; head: number }[] | undefined;

  constructor(private readonly cursors: readonly PlaceCursor[]) {}

  async seek(bound: number): Promise<number | undefined> {
    this.#heads ??= this.cursors.map((cursor) => ({ cursor, head: Infinity }));
    const behind = this.#heads.filter(({ head }) => head > bound);
    await Promise.all(
      behind.map(async (one) => {
        one.head = (await one.cursor.seek(bound)) ?? -1;
      }),
    );
    if (behind.some(({ head }) => head < 0)) this.#heads = this.#heads.filter(({ head }) => head >= 0);
    let newest: number | undefined;
    for (const { head } of this.#heads) if (newest === undefined || head > newest) newest = head;
    this.doubtful = this.#heads.every(({ cursor, head }) => head !== newest || cursor.doubtful);
    return newest;
  }

  async close(): Promise<void> {
    await Promise.all(this.cursors.map((cursor) => cursor.close()));
  }
}

/** Places that are known already. */
export class KnownCursor implements PlaceCursor {
  readonly doubtful = false;

  /** @param places ascending */
  constructor(private readonly places: readonly number[]) {}

  seek(bound: number): Promise<number | undefined> {
    const [first] = this.places;
    return Promise.resolve(first === undefined || first > bound ? undefined : newestUpTo(this.places, bound));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** All transactions. */
export class EveryCursor implements PlaceCursor {
  readonly doubtful = false;
  readonly #iterator;
  #read: Buffer[] = [];
  #next = 0;

  constructor({ store, snapshot }: View) {
    const bounds = { gte: orderKey(Area.TRANSACTION, LAST_ORDER), lte: orderKey(Area.TRANSACTION, 0) };
    this.#iterator = store.keys({ ...bounds, snapshot });
  }

  async seek(bound: number): Promise<number | undefined> {
    for (;;) {
      for (let key = this.#read[this.#next]; key !== undefined; key = this.#read[++this.#next]) {
        const order = orderAtEnd(key);
        if (order <= bound) return order;
      }
      this.#iterator.seek(orderKey(Area.TRANSACTION, bound));
      this.#read = await this.#iterator.nextv(128);
      this.#next = 0;
      if (this.#read.length === 0) return undefined;
    }
  }

  close(): Promise<void> {
    return this.#iterator.close();
  }
}

/** What is in all of several sets. */
export class CommonCursor implements PlaceCursor {
  constructor(private readonly cursors: readonly PlaceCursor[]) {}

  get doubtful(): boolean {
    return this.cursors.some(({ doubtful }) => doubtful);
  }

  async seek(bound: number): Promise<number | undefined> {
    for (let candidate = bound; ;) {
      const before = candidate;
      for (const cursor of this.cursors) {
        const found = await cursor.seek(candidate);
        if (found === undefined) return undefined;
        candidate = found;
      }
      if (candidate === before) return candidate;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.cursors.map((cursor) => cursor.close()));
  }
}

/** Places of all terms with a prefix, ascending; undefined where there are more than so many entries. */
export async function placesOfPrefix(
  { store, snapshot }: View,
  prefix: string,
  most: number,
): Promise<number[] | undefined> {
  const places = new Set<number>();
  let entries = 0;
  const iterator = store.iterator({ ...prefixBounds(Area.POSTING, prefix), snapshot });
  try {
    for (;;) {
      const read = await iterator.nextv(1000);
      if (read.length === 0) return [...places].sort((one, other) => one - other);
      entries += read.length;
      if (entries > most) return undefined;
      for (const [key, value] of read)
        for (const place of placesOf(key, unsealed(key, value))) places.add(place);
    }
  } finally {
    await iterator.close();
  }
}
