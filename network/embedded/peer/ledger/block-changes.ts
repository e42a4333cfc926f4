import { common } from '@hyperledger/fabric-protos';
import { VALID, type ValidationCode } from '../../../protocol/validation-code';
import type { BlockTransaction } from '../../../protocol/validation/block-transaction';
import { expire, scheduleExpiry, type BlockToLive } from './expiry';
import { historyChanges } from './history';
import { blockHashKey, encodeState, privateNamespace, stateKey } from './keys';
import { hashNamespace, type StateKey } from '../../../protocol/validation/state';
import type { MetadataHint } from './metadata';
import { applyPrivateWrites, followHashedVersions, type RetrievedPrivateData } from './private-data';
import { hashedKey } from '../../../protocol/read-write-set';
import { savepointChange, StateReader, type Change, type Database, type Savepoint } from './state-database';
import { indexChanges } from './transaction-index';
import type { Update, UpdateBatch } from '../../../protocol/validation/update-batch';
import { varint } from '../../../protocol/wire-encoder';
import { sha256 } from '../../../protocol/hash';

/** A block whose outcome is settled, ready to be written. */
export interface SettledBlock {
  readonly number: number;
  readonly transactions: readonly BlockTransaction[];
  /** One a transaction. */
  readonly codes: readonly ValidationCode[];
  /** Public writes and private hashes of the valid transactions. */
  readonly updates: UpdateBatch;
  readonly privateData: RetrievedPrivateData;
  /** As it stands after this block. */
  readonly savepoint: Savepoint;
}

/** Everything one block changes in the database, for one batch. */
export async function blockChanges(
  database: Database,
  block: SettledBlock,
  hint: MetadataHint,
  blockToLive: BlockToLive,
): Promise<Change[]> {
  const { number, transactions, codes, updates, privateData } = block;
  const reader = new StateReader(database);
  for (const [tx, sets] of privateData.held) {
    if (codes[tx] === VALID) applyPrivateWrites(sets, { block: number, tx }, updates);
  }
  for (const [tx, sets] of privateData.held) {
    if (codes[tx] === VALID) await followHashedVersions(sets, updates, reader);
  }
  await purge(transactions, codes, updates, reader, number);
  const scheduled = await scheduleExpiry(number, updates, blockToLive);
  const expired = await expire(number, updates, reader);
  return [
    ...stateChanges(updates),
    ...hintChanges(updates, hint),
    ...scheduled,
    ...expired,
    ...historyChanges(number, transactions, codes),
    ...(await indexChanges(database, number, transactions, codes)),
    { key: blockHashKey(block.savepoint.currentBlockHash), value: varint(number) },
    savepointChange(block.savepoint),
  ];
}

/** Updates as they stand in the database, private ones and hashes in namespaces of their own. */
export function stateChanges(updates: UpdateBatch): Change[] {
  const changes: Change[] = [];
  const append = (namespace: string, key: StateKey, { value, metadata, version }: Update): void => {
    const stored = value === undefined ? undefined : encodeState(value, metadata, version);
    changes.push({ key: stateKey(namespace, key), value: stored });
  };
  for (const namespace of updates.public.namespaces()) {
    for (const [key, update] of updates.public.in(namespace)) append(namespace, key, update);
  }
  for (const namespace of updates.hashed.namespaces()) {
    const collections = updates.hashed.in(namespace);
    for (const collection of collections?.namespaces() ?? []) {
      for (const [keyHash, update] of collections?.in(collection) ?? []) {
        append(hashNamespace(namespace, collection), Buffer.from(keyHash, 'latin1'), update);
      }
    }
  }
  for (const namespace of updates.private.namespaces()) {
    const collections = updates.private.in(namespace);
    for (const collection of collections?.namespaces() ?? []) {
      for (const [key, update] of collections?.in(collection) ?? []) {
        append(privateNamespace(namespace, collection), key, update);
      }
    }
  }
  return changes;
}

function hintChanges(updates: UpdateBatch, hint: MetadataHint): Change[] {
  const changes: Change[] = [];
  for (const namespace of updates.public.namespaces()) {
    const touched = [...updates.public.in(namespace).values()].some(({ metadata }) => metadata !== undefined);
    if (touched) changes.push(...hint.note(namespace));
  }
  for (const namespace of updates.hashed.namespaces()) {
    const collections = updates.hashed.in(namespace);
    const touched = [...(collections?.namespaces() ?? [])]
      .flatMap((collection) => [...(collections?.in(collection).values() ?? [])])
      .some(({ metadata }) => metadata !== undefined);
    if (touched) changes.push(...hint.note(namespace));
  }
  return changes;
}

/**
 * Removes private values whose purge was ordered, also where this peer was never told their key: it is found by its
 * hash (kv_ledger.go commit, FetchPrivateDataRawKey).
 */
async function purge(
  transactions: readonly BlockTransaction[],
  codes: readonly ValidationCode[],
  updates: UpdateBatch,
  reader: StateReader,
  block: number,
): Promise<void> {
  for (const transaction of transactions) {
    const { type, position } = transaction;
    if (codes[position] !== VALID || type !== common.HeaderType.ENDORSER_TRANSACTION) continue;
    for (const { namespace, collections } of transaction.sets()) {
      for (const { collection, writes } of collections) {
        const purged = new Set(writes.filter(({ isPurge }) => isPurge).map(({ keyHash }) => keyHash));
        if (purged.size === 0) continue;
        for await (const { key } of reader.range(privateNamespace(namespace, collection), '', '')) {
          if (!purged.has(hashedKey(sha256(Buffer.from(key, 'utf8'))))) continue;
          if (updates.private.get(namespace, collection, key) !== undefined) continue;
          const version = { block, tx: position };
          updates.private.set(namespace, collection, key, { value: undefined, metadata: undefined, version });
        }
      }
    }
  }
}
