import { compareUtf8 } from '../byte-order';
import { hashNamespace, type PlacedKey, type StateEntry, type StateKey } from '../validation/state';
import type { Update, UpdateMap } from '../validation/update-batch';
import { sameVersion } from '../version';
import type { Expiry, LedgerState, StateChange } from './ledger-state';

/** Keys of one namespace; their order is kept once a range of them was read. */
class Namespace {
  readonly entries = new Map<string, StateEntry>();
  #sorted: string[] | undefined;

  set(key: string, entry: StateEntry): void {
    if (this.#sorted !== undefined && !this.entries.has(key))
      this.#sorted.splice(place(this.#sorted, key), 0, key);
    this.entries.set(key, entry);
  }

  delete(key: string): void {
    if (this.entries.delete(key)) this.#sorted?.splice(place(this.#sorted, key), 1);
  }

  /** Entries in [start, end) by the bytes of their keys. */
  *range(start: string, end: string): Generator<StateEntry & { readonly key: string }> {
    this.#sorted ??= [...this.entries.keys()].sort(compareUtf8);
    for (let index = place(this.#sorted, start); index < this.#sorted.length; index++) {
      const key = this.#sorted[index] ?? '';
      if (end !== '' && compareUtf8(key, end) >= 0) return;
      const entry = this.entries.get(key);
      if (entry !== undefined) yield { key, ...entry };
    }
  }
}

/** Index of the first key that does not come before. */
function place(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8(sorted[middle] ?? '', key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** State of a chain in memory: as large as the world state, whatever the length of the chain. */
export class MemoryState implements LedgerState {
  readonly #namespaces = new Map<string, Namespace>();
  readonly #transactionIds = new Set<string>();
  readonly #withMetadata = new Set<string>();
  readonly #expiries = new Map<number, Expiry[]>();

  get(namespace: string, key: StateKey): Promise<StateEntry | undefined> {
    return Promise.resolve(this.#namespaces.get(namespace)?.entries.get(nameOf(key)));
  }

  getMany(keys: readonly PlacedKey[]): Promise<(StateEntry | undefined)[]> {
    return Promise.all(keys.map(({ namespace, key }) => this.get(namespace, key)));
  }

  range(namespace: string, start: string, end: string): AsyncIterable<StateEntry & { readonly key: string }> {
    const entries = this.#namespaces.get(namespace)?.range(start, end) ?? [].values();
    return {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(entries.next()) }),
    };
  }

  known(txIds: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(txIds.filter((id) => this.#transactionIds.has(id))));
  }

  everUsed(namespace: string): boolean {
    return this.#withMetadata.has(namespace);
  }

  apply({ block, updates, transactionIds, expiries }: StateChange): Promise<void> {
    for (const namespace of updates.public.namespaces()) {
      this.#applyTo(namespace, namespace, updates.public.in(namespace));
    }
    for (const namespace of updates.hashed.namespaces()) {
      const collections = updates.hashed.in(namespace);
      for (const collection of collections?.namespaces() ?? []) {
        this.#applyTo(namespace, hashNamespace(namespace, collection), collectionOf(collections, collection));
      }
    }
    for (const id of transactionIds) if (id !== '') this.#transactionIds.add(id);
    for (const expiry of expiries) {
      const due = this.#expiries.get(expiry.block);
      if (due === undefined) this.#expiries.set(expiry.block, [expiry]);
      else due.push(expiry);
    }
    for (const expiry of this.#expiries.get(block) ?? []) this.#expire(expiry);
    this.#expiries.delete(block);
    return Promise.resolve();
  }

  #applyTo(namespace: string, stored: string, updates: ReadonlyMap<string, Update>): void {
    let entries = this.#namespaces.get(stored);
    if (entries === undefined) this.#namespaces.set(stored, (entries = new Namespace()));
    for (const [key, { value, metadata, version }] of updates) {
      if (metadata !== undefined) this.#withMetadata.add(namespace);
      if (value === undefined) entries.delete(key);
      // A copy: the update shares memory with its whole block.
      else
        entries.set(key, { value: Buffer.from(value), metadata: metadata && Buffer.from(metadata), version });
    }
  }

  #expire({ namespace, collection, keyHash, written }: Expiry): void {
    const entries = this.#namespaces.get(hashNamespace(namespace, collection));
    if (sameVersion(entries?.entries.get(keyHash)?.version, written)) entries?.delete(keyHash);
  }
}

const collectionOf = (collections: UpdateMap | undefined, collection: string): ReadonlyMap<string, Update> =>
  collections?.in(collection) ?? new Map<string, Update>();

const nameOf = (key: StateKey): string =>
  typeof key === 'string' ? key : Buffer.from(key).toString('latin1');
