import { hashNamespace, stateKey, type StateKey, type StoredState } from './keys';
import type { NamespaceSet } from '../../../protocol/read-write-set';
import type { StateReader } from './state-database';
import type { Version } from '../../../protocol/version';

/** Committed state of the keys a block reads, fetched in one go before its transactions are looked at. */
export class CommittedVersions {
  private constructor(
    private readonly states: ReadonlyMap<string, StoredState | undefined>,
    private readonly reader: StateReader,
  ) {}

  static async load(
    reader: StateReader,
    transactions: readonly (readonly NamespaceSet[])[],
  ): Promise<CommittedVersions> {
    const keys = new Map<string, Buffer>();
    const want = (namespace: string, key: StateKey): void => {
      const stored = stateKey(namespace, key);
      keys.set(stored.toString('latin1'), stored);
    };
    for (const set of transactions.flat()) {
      for (const read of set.public.reads) want(set.namespace, read.key);
      for (const collection of set.collections) {
        const namespace = hashNamespace(set.namespace, collection.collection);
        for (const read of collection.reads) want(namespace, Buffer.from(read.keyHash, 'latin1'));
      }
    }
    const states = await reader.getMany([...keys.values()]);
    return new CommittedVersions(new Map([...keys.keys()].map((key, index) => [key, states[index]])), reader);
  }

  /** Version of a key among those loaded. */
  version(namespace: string, key: StateKey): Version | undefined {
    return this.states.get(stateKey(namespace, key).toString('latin1'))?.version;
  }

  /** State of any key, read now unless it was loaded. */
  async state(namespace: string, key: StateKey): Promise<StoredState | undefined> {
    const stored = stateKey(namespace, key).toString('latin1');
    return this.states.has(stored) ? this.states.get(stored) : this.reader.get(namespace, key);
  }
}
