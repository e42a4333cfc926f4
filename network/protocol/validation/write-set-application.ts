import type { CommittedVersions } from './committed-versions';
import { encodeMetadata, type MetadataUse } from './key-metadata';
import { hashNamespace } from './state';
import { deletes, deletesHashed, type MetadataEntry, type NamespaceSet } from '../read-write-set';
import type { Version } from '../version';
import type { Update, UpdateBatch } from './update-batch';

/** What one transaction does to one key. Flags add up as in validation/tx_ops.go, twice the same write included. */
interface KeyOperation {
  flags: number;
  value: Uint8Array | undefined;
  metadata: Uint8Array | undefined;
}

const UPSERT = 1;
const METADATA_UPDATE = 2;
const METADATA_DELETE = 4;
const DELETE = 8;

type Operations = Map<string, KeyOperation>;

/**
 * Adds the writes of a valid transaction to the block's updates. A write keeps the key's metadata, and a change of
 * metadata its value, as earlier transactions of the block or the committed state left them.
 * Source: core/ledger/kvledger/txmgmt/validation (applyWriteSet, prepareTxOps).
 */
export async function applyWriteSets(
  sets: readonly NamespaceSet[],
  version: Version,
  updates: UpdateBatch,
  committed: CommittedVersions,
  hint: MetadataUse,
): Promise<void> {
  const publicOperations = new Map<string, Operations>();
  const hashedOperations = new Map<string, Map<string, Operations>>();
  collect(sets, publicOperations, hashedOperations);

  for (const [namespace, operations] of publicOperations) {
    for (const [key, operation] of operations) {
      const update = await finalUpdate(operation, version, {
        preceding: updates.public.get(namespace, key),
        committed: () => committed.state(namespace, key),
        metadataPossible: hint.everUsed(namespace),
      });
      if (update !== undefined) updates.public.set(namespace, key, update);
    }
  }
  for (const [namespace, collections] of hashedOperations) {
    for (const [collection, operations] of collections) {
      for (const [keyHash, operation] of operations) {
        const update = await finalUpdate(operation, version, {
          preceding: updates.hashed.get(namespace, collection, keyHash),
          committed: () =>
            committed.state(hashNamespace(namespace, collection), Buffer.from(keyHash, 'latin1')),
          metadataPossible: hint.everUsed(namespace),
        });
        if (update !== undefined) updates.hashed.set(namespace, collection, keyHash, update);
      }
    }
  }
}

function collect(
  sets: readonly NamespaceSet[],
  publicOperations: Map<string, Operations>,
  hashedOperations: Map<string, Map<string, Operations>>,
): void {
  for (const set of sets) {
    const operations = inner(publicOperations, set.namespace);
    for (const write of set.public.writes) {
      if (deletes(write)) note(operations, write.key, DELETE);
      else note(operations, write.key, UPSERT).value = write.value;
    }
    for (const write of set.public.metadataWrites) noteMetadata(operations, write.key, write.entries);

    for (const collection of set.collections) {
      let collections = hashedOperations.get(set.namespace);
      if (collections === undefined) {
        collections = new Map<string, Operations>();
        hashedOperations.set(set.namespace, collections);
      }
      const hashed = inner(collections, collection.collection);
      for (const write of collection.writes) {
        if (deletesHashed(write)) note(hashed, write.keyHash, DELETE);
        else note(hashed, write.keyHash, UPSERT).value = write.valueHash;
      }
      for (const write of collection.metadataWrites) noteMetadata(hashed, write.keyHash, write.entries);
    }
  }
}

function inner(outer: Map<string, Operations>, name: string): Operations {
  let operations = outer.get(name);
  if (operations === undefined) outer.set(name, (operations = new Map<string, KeyOperation>()));
  return operations;
}

function note(operations: Operations, key: string, flag: number): KeyOperation {
  let operation = operations.get(key);
  if (operation === undefined)
    operations.set(key, (operation = { flags: 0, value: undefined, metadata: undefined }));
  operation.flags = (operation.flags + flag) & 0xff;
  return operation;
}

function noteMetadata(operations: Operations, key: string, entries: readonly MetadataEntry[]): void {
  if (entries.length === 0) note(operations, key, METADATA_DELETE);
  else note(operations, key, METADATA_UPDATE).metadata = encodeMetadata(entries);
}

interface KeyBefore {
  readonly preceding: Update | undefined;
  readonly committed: () => Promise<{ value: Uint8Array; metadata: Uint8Array | undefined } | undefined>;
  readonly metadataPossible: boolean;
}

/** The key's final state; undefined when the operation comes to nothing. */
async function finalUpdate(
  operation: KeyOperation,
  version: Version,
  before: KeyBefore,
): Promise<Update | undefined> {
  const { flags, value, metadata } = operation;
  if ((flags & DELETE) !== 0) return { value: undefined, metadata: undefined, version };
  if ((flags & UPSERT) !== 0 && (flags & (METADATA_UPDATE | METADATA_DELETE)) !== 0) {
    return { value, metadata, version };
  }
  if (flags === UPSERT) {
    if (before.preceding !== undefined) return { value, metadata: before.preceding.metadata, version };
    return {
      value,
      metadata: before.metadataPossible ? (await before.committed())?.metadata : undefined,
      version,
    };
  }
  const latest = before.preceding ?? (await before.committed());
  // Metadata of a key that does not exist; genuine peers crash on one deleted earlier in the same block.
  if (latest?.value === undefined) return undefined;
  return { value: latest.value, metadata, version };
}
