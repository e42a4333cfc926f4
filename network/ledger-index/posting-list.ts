import { ByteReader, ByteWriter } from './byte-sequence';
import { CorruptIndex } from './errors';
import { Area, orderAtEnd, textOrderKey } from './store-keys';

/** Places in one entry: what a search reads at once. */
const LENGTH = 512;
/** Terms whose last entry is remembered at least, so that it can be added to; twice as many at most. */
const REMEMBERED = 8192;

interface Tail {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Distances to the place before. */
  readonly distances: Uint8Array;
}

const writer = new ByteWriter();

/**
 * Writes the places of terms. An entry stands under its first place and holds those that follow, up to 512: the last
 * entry of a term that comes again soon is written anew, longer.
 */
export class PostingWriter {
  /** Terms that came since the older ones were put aside. */
  #recent = new Map<string, Tail>();
  #older = new Map<string, Tail>();

  /** Entries for new places of a term, which lie behind all it had before. */
  add(term: string, orders: readonly number[], put: (key: Buffer, value: Buffer) => void): void {
    let tail = this.#recent.get(term) ?? this.#older.get(term);
    let taken = 0;
    while (taken < orders.length) {
      const [from, room] = tail && tail.count < LENGTH ? [tail, LENGTH - tail.count] : [undefined, LENGTH];
      const added = orders.slice(taken, taken + room);
      tail = extended(from, added);
      put(
        textOrderKey(Area.POSTING, term, tail.first),
        writer.number(tail.count).raw(tail.distances).finish(),
      );
      taken += added.length;
    }
    if (tail !== undefined) this.#remember(term, tail);
  }

  #remember(term: string, tail: Tail): void {
    this.#recent.set(term, tail);
    if (this.#recent.size < REMEMBERED) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}

function extended(tail: Tail | undefined, orders: readonly number[]): Tail {
  const [first = 0] = orders;
  let last = tail?.last ?? first;
  if (tail !== undefined) writer.raw(tail.distances);
  for (const order of tail === undefined ? orders.slice(1) : orders) {
    writer.number(order - last);
    last = order;
  }
  return {
    first: tail?.first ?? first,
    last,
    count: (tail?.count ?? 0) + orders.length,
    // A copy of its own: a small buffer would keep the larger one it was cut from.
    distances: new Uint8Array(writer.finish()),
  };
}

/** Places of an entry, oldest first. Throws CorruptIndex. */
export function placesOf(key: Buffer, value: Buffer): number[] {
  try {
    const reader = new ByteReader(value);
    const count = reader.number();
    let last = orderAtEnd(key);
    const orders = [last];
    for (let index = 1; index < count; index++) orders.push((last += reader.number()));
    return orders;
  } catch (error) {
    if (error instanceof RangeError) throw new CorruptIndex(`a list of places: ${error.message}`);
    throw error;
  }
}

/** How many places an entry holds. */
export const countOf = (value: Buffer): number => new ByteReader(value).number();
