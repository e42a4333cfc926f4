import { randomBytes } from 'node:crypto';
import { Area, behind, transientPrefix } from './keys';
import { StateReader, writeChanges, type Change, type Database } from './state-database';
import type { TransientStore } from './types';
import { readVarint, varint } from '../../../protocol/wire-encoder';

/** Private write sets that outlived this many blocks are dropped (core.yaml transientstoreMaxBlockRetention). */
export const TRANSIENT_BLOCK_RETENTION = 1000;

/** The transient store of one channel, in the channel's database. Each write set is flushed to disk. */
export class LevelTransientStore implements TransientStore {
  constructor(private readonly database: Database) {}

  async put(txId: string, receivedAtHeight: number, privateWriteSet: Uint8Array): Promise<void> {
    // Several peers may send a write set for one transaction: all are kept until one is found to match.
    const key = Buffer.concat([transientPrefix(txId), randomBytes(8)]);
    const value = Buffer.concat([varint(receivedAtHeight), privateWriteSet]);
    await writeChanges(this.database, [{ key, value }], true);
  }

  async get(txId: string): Promise<Uint8Array[]> {
    const found: Uint8Array[] = [];
    for await (const [, value] of new StateReader(this.database).entries(transientPrefix(txId))) {
      found.push(value.subarray(readVarint(value, 0).next));
    }
    return found;
  }

  async purge(txIds: readonly string[]): Promise<void> {
    const reader = new StateReader(this.database);
    const changes: Change[] = [];
    for (const txId of txIds) {
      for await (const key of reader.keys(transientPrefix(txId))) changes.push({ key, value: undefined });
    }
    await writeChanges(this.database, changes);
  }

  /** Drops what was received below a height: its transactions were never ordered. */
  async purgeBelow(height: number): Promise<void> {
    const prefix = Buffer.from([Area.TRANSIENT]);
    const changes: Change[] = [];
    for await (const [key, value] of this.database.iterator({ gte: prefix, lt: behind(prefix) })) {
      if (readVarint(value, 0).value < height) changes.push({ key, value: undefined });
    }
    await writeChanges(this.database, changes);
  }
}
