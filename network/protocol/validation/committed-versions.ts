import type { NamespaceSet } from '../read-write-set';
import type { Version } from '../version';
import { hashNamespace, type CommittedState, type PlacedKey, type StateEntry, type StateKey } from './state';

/** Committed state of the keys a block reads, fetched in one go before its transactions are looked at. */
export class CommittedVersions {
  private constructor(
    private readonly states: ReadonlyMap<string, StateEntry | undefined>,
    private readonly committed: CommittedState,
  ) {}

  static async load(
    state: CommittedState,
    transactions: readonly (readonly NamespaceSet[])[],
  ): Promise<CommittedVersions> {
    const keys = new Map<string, PlacedKey>();
    const want = (namespace: string, key: StateKey): void => {
      keys.set(nameOf(namespace, key), { namespace, key });
    };
    for (const set of transactions.flat()) {
      for (const read of set.public.reads) want(set.namespace, read.key);
      for (const collection of set.collections) {
        const namespace = hashNamespace(set.namespace, collection.collection);
        for (const read of collection.reads) want(namespace, Buffer.from(read.keyHash, 'latin1'));
      }
    }
    const states = await state.getMany([...keys.values()]);
    return new CommittedVersions(new Map([...keys.keys()].map((key, index) => [key, states[index]])), state);
  }

  /** Version of a key among those loaded. */
  version(namespace: string, key: StateKey): Version | undefined {
    return this.states.get(nameOf(namespace, key))?.version;
  }

  /** State of any key, read now unless it was loaded. */
  async state(namespace: string, key: StateKey): Promise<StateEntry | undefined> {
    const name = nameOf(namespace, key);
    return this.states.has(name) ? this.states.get(name) : this.committed.get(namespace, key);
  }
}

const nameOf = (namespace: string, key: StateKey): string =>
  `${namespace}\0${typeof key === 'string' ? key : Buffer.from(key).toString('latin1')}`;
