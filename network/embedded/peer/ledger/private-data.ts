import { sha256 } from '../../../protocol/hash';
import { missingKey, privateKey, privateNamespace, type PrivateSetId } from './keys';
import {
  decodeKeyValueSet,
  decodePrivateReadWriteSet,
  deletes,
  hashedKey,
  type PrivateNamespaceSet,
} from '../../../protocol/read-write-set';
import type { BlockTransaction } from '../../../protocol/validation/block-transaction';
import { writeChanges, type Change, type Database, type StateReader } from './state-database';
import { MalformedMessage } from '../../../protocol/strict-decoder';
import type { Version } from '../../../protocol/version';
import type { UpdateBatch } from '../../../protocol/validation/update-batch';
import { WireEncoder } from '../../../protocol/wire-encoder';

/** A private write set that a valid transaction refers to by its hash. */
export interface ReferencedPrivateSet extends PrivateSetId {
  readonly txId: string;
  /** SHA-256 the serialized write set must have. */
  readonly hash: Uint8Array;
}

/** What a peer found of the private write sets it is entitled to. */
export interface RetrievedPrivateData {
  /** Verified write sets by position of their transaction. */
  readonly held: ReadonlyMap<number, readonly PrivateNamespaceSet[]>;
  readonly missing: readonly PrivateSetId[];
}

export const NO_PRIVATE_DATA: RetrievedPrivateData = { held: new Map(), missing: [] };

/** The private write sets that the given transactions wrote, whoever may hold them. */
export function referencedPrivateSets(
  block: number,
  transactions: readonly BlockTransaction[],
): ReferencedPrivateSet[] {
  return transactions.flatMap((transaction) =>
    transaction.sets().flatMap(({ namespace, collections }) =>
      collections
        .filter(({ privateHash, writes, metadataWrites }) => {
          return privateHash.length > 0 && writes.length + metadataWrites.length > 0;
        })
        .map(({ collection, privateHash }) => ({
          block,
          tx: transaction.position,
          txId: transaction.txId,
          namespace,
          collection,
          hash: privateHash,
        })),
    ),
  );
}

/** The write set of a collection in a serialized TxPvtReadWriteSet, if it is there and has the hash. */
export function matchingPrivateSet(
  encoded: Uint8Array,
  wanted: Pick<ReferencedPrivateSet, 'namespace' | 'collection' | 'hash'>,
): Uint8Array | undefined {
  return candidateSets(encoded)
    .filter(({ namespace }) => namespace === wanted.namespace)
    .flatMap(({ collections }) => collections)
    .find(
      ({ collection, encoded: set }) => collection === wanted.collection && sha256(set).equals(wanted.hash),
    )?.encoded;
}

/** Candidates come from other nodes: one that cannot be read has nothing that matches. */
function candidateSets(encoded: Uint8Array): PrivateNamespaceSet[] {
  try {
    return decodePrivateReadWriteSet(encoded);
  } catch (cause) {
    if (cause instanceof MalformedMessage) return [];
    throw cause;
  }
}

/** rwset.TxPvtReadWriteSet with the given write sets. */
export function encodePrivateReadWriteSet(sets: readonly PrivateNamespaceSet[]): Buffer {
  const encoder = new WireEncoder();
  for (const { namespace, collections } of sets) {
    const inner = new WireEncoder().string(1, namespace);
    for (const { collection, encoded } of collections) {
      inner.message(2, new WireEncoder().string(1, collection).bytes(2, encoded).finish());
    }
    encoder.message(2, inner.finish());
  }
  return encoder.finish();
}

/** Adds private values to a block's updates. They are not part of the commit hash: not every peer holds them. */
export function applyPrivateWrites(
  sets: readonly PrivateNamespaceSet[],
  version: Version,
  updates: UpdateBatch,
): void {
  for (const { namespace, collections } of sets) {
    for (const { collection, encoded } of collections) {
      for (const write of decodeKeyValueSet(encoded).writes) {
        const value = deletes(write) ? undefined : write.value;
        updates.private.set(namespace, collection, write.key, { value, metadata: undefined, version });
      }
    }
  }
}

/**
 * Raises the version of private values whose hash got a new one by a change of metadata alone; otherwise simulations
 * would take them for stale (validation/batch_preparer.go incrementPvtdataVersionIfNeeded).
 */
export async function followHashedVersions(
  sets: readonly PrivateNamespaceSet[],
  updates: UpdateBatch,
  reader: StateReader,
): Promise<void> {
  for (const { namespace, collections } of sets) {
    for (const { collection, encoded } of collections) {
      for (const { key } of decodeKeyValueSet(encoded).metadataWrites) {
        const hashed = updates.hashed.get(namespace, collection, hashedKey(sha256(Buffer.from(key, 'utf8'))));
        if (hashed?.value === undefined) continue;
        const latest =
          updates.private.get(namespace, collection, key) ??
          (await reader.get(privateNamespace(namespace, collection), key));
        if (latest?.value === undefined || !sha256(latest.value).equals(hashed.value)) continue;
        const renewed = { value: latest.value, metadata: undefined, version: hashed.version };
        updates.private.set(namespace, collection, key, renewed);
      }
    }
  }
}

/** Write sets and missing marks of a block, to be flushed before the block itself. */
export function privateDataChanges(block: number, { held, missing }: RetrievedPrivateData): Change[] {
  const changes: Change[] = [];
  for (const [tx, sets] of held) {
    changes.push({ key: privateKey({ block, tx }), value: encodePrivateReadWriteSet(sets) });
    for (const { namespace, collections } of sets) {
      for (const { collection } of collections) {
        changes.push({ key: missingKey({ block, tx, namespace, collection }), value: undefined });
      }
    }
  }
  for (const id of missing) changes.push({ key: missingKey(id), value: Buffer.alloc(0) });
  return changes;
}

/** Private write sets of a transaction that this peer holds. */
export async function storedPrivateSets(database: Database, at: Version): Promise<PrivateNamespaceSet[]> {
  const stored = await database.get(privateKey(at));
  return stored === undefined ? [] : decodePrivateReadWriteSet(stored);
}

/**
 * Private write sets of a block that is applied again, from the database; what a lost database took with it is marked
 * missing, so that it is sought again. All `referenced` sets are of one block.
 */
export async function recoverPrivateData(
  database: Database,
  referenced: readonly ReferencedPrivateSet[],
  mayHold: (id: PrivateSetId) => Promise<boolean>,
): Promise<RetrievedPrivateData> {
  const held = new Map<number, PrivateNamespaceSet[]>();
  const missing: PrivateSetId[] = [];
  for (const wanted of referenced) {
    const sets = held.get(wanted.tx) ?? (await storedPrivateSets(database, wanted));
    if (sets.length > 0) held.set(wanted.tx, sets);
    const present = sets
      .filter(({ namespace }) => namespace === wanted.namespace)
      .some(({ collections }) => collections.some(({ collection }) => collection === wanted.collection));
    if (!present && (await mayHold(wanted))) missing.push(wanted);
  }
  const [first] = referenced;
  if (first !== undefined) await writeChanges(database, privateDataChanges(first.block, { held, missing }));
  return { held, missing };
}
