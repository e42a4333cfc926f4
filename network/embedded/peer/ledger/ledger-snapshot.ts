import { keyHistory, type EnvelopeSource } from './history';
import { hashNamespace } from '../../../protocol/validation/state';
import { privateNamespace } from './keys';
import { StateReader, type Database, type DatabaseSnapshot } from './state-database';
import type { Version } from '../../../protocol/version';
import type { KeyedValue, KeyModification, StateSnapshot, VersionedValue } from './types';

/** A view over state, private state, hashes and history of one channel, all at one height. */
export class LedgerSnapshot implements StateSnapshot {
  private constructor(
    readonly height: number,
    private readonly snapshot: DatabaseSnapshot,
    private readonly reader: StateReader,
    private readonly envelope: EnvelopeSource,
  ) {}

  static async take(database: Database, envelope: EnvelopeSource): Promise<LedgerSnapshot> {
    const snapshot = database.snapshot();
    const reader = new StateReader(database, snapshot);
    try {
      // Read from the snapshot itself: a commit may be between its batch and the ledger's new height.
      const { height } = await reader.savepoint();
      return new LedgerSnapshot(height, snapshot, reader, envelope);
    } catch (error) {
      await snapshot.close();
      throw error;
    }
  }

  get(namespace: string, key: string): Promise<VersionedValue | undefined> {
    return this.reader.get(namespace, key);
  }

  range(namespace: string, start: string, end: string): AsyncIterable<KeyedValue> {
    return this.reader.range(namespace, start, end);
  }

  getPrivate(namespace: string, collection: string, key: string): Promise<VersionedValue | undefined> {
    return this.reader.get(privateNamespace(namespace, collection), key);
  }

  async getPrivateHash(
    namespace: string,
    collection: string,
    keyHash: Uint8Array,
  ): Promise<{ valueHash: Uint8Array; version: Version } | undefined> {
    const stored = await this.reader.get(hashNamespace(namespace, collection), keyHash);
    return stored && { valueHash: stored.value, version: stored.version };
  }

  history(namespace: string, key: string): AsyncIterable<KeyModification> {
    return keyHistory(this.reader, this.envelope, namespace, key);
  }

  close(): Promise<void> {
    return this.snapshot.close();
  }
}
