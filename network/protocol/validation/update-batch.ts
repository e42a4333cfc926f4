import type { Version } from '../version';

/** The final state of a key after a block; without a value the key is deleted. */
export interface Update {
  readonly value: Uint8Array | undefined;
  /** Serialized kvrwset.KVMetadataWrite; undefined when the key has none. */
  readonly metadata: Uint8Array | undefined;
  readonly version: Version;
}

/** Updates of one kind by namespace (or collection) and key. */
export class UpdateMap {
  readonly #updates = new Map<string, Map<string, Update>>();

  get(namespace: string, key: string): Update | undefined {
    return this.#updates.get(namespace)?.get(key);
  }

  set(namespace: string, key: string, update: Update): void {
    let updates = this.#updates.get(namespace);
    if (updates === undefined) this.#updates.set(namespace, (updates = new Map<string, Update>()));
    updates.set(key, update);
  }

  namespaces(): IterableIterator<string> {
    return this.#updates.keys();
  }

  in(namespace: string): ReadonlyMap<string, Update> {
    return this.#updates.get(namespace) ?? new Map<string, Update>();
  }
}

/** Updates of collections: by namespace, then collection, then key. */
export class CollectionUpdates {
  readonly #updates = new Map<string, UpdateMap>();

  get(namespace: string, collection: string, key: string): Update | undefined {
    return this.#updates.get(namespace)?.get(collection, key);
  }

  set(namespace: string, collection: string, key: string, update: Update): void {
    let updates = this.#updates.get(namespace);
    if (updates === undefined) this.#updates.set(namespace, (updates = new UpdateMap()));
    updates.set(collection, key, update);
  }

  namespaces(): IterableIterator<string> {
    return this.#updates.keys();
  }

  in(namespace: string): UpdateMap | undefined {
    return this.#updates.get(namespace);
  }
}

/** What the valid transactions of one block do to state (privacyenabledstate.UpdateBatch). */
export class UpdateBatch {
  readonly public = new UpdateMap();
  /** Keyed by key hash as a latin1 string, one character a byte. */
  readonly hashed = new CollectionUpdates();
  readonly private = new CollectionUpdates();
}
