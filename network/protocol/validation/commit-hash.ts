import { sha256 } from '../hash';
import type { Update, UpdateBatch } from './update-batch';
import { compareUtf8 } from '../byte-order';
import { versionBytes } from '../ordered-number';
import { varint, WireEncoder } from '../wire-encoder';

/**
 * Bytes over which peers agree on what a block did to state: all public writes and private hashes, ordered by
 * namespace, then public before collections, then key. A namespace or collection stands on its first entry only. The
 * namespace with the empty name, which holds the channel configuration, is left out.
 * Source: core/ledger/kvledger/txmgmt/txmgr/update_batch_bytes.go.
 */
export function deterministicBytes(updates: UpdateBatch): Buffer {
  const encoder = new WireEncoder();
  const namespaces = new Set([...updates.public.namespaces(), ...updates.hashed.namespaces()]);
  for (const namespace of [...namespaces].sort(compareUtf8)) {
    if (namespace === '') continue;
    let pendingNamespace = namespace;
    const append = (collection: string, key: Buffer, update: Update): void => {
      const write = new WireEncoder().string(1, pendingNamespace).string(2, collection).bytes(3, key);
      write.bool(4, update.value === undefined).bytes(5, update.value ?? new Uint8Array());
      encoder.message(1, write.bytes(6, versionBytes(update.version)).finish());
      pendingNamespace = '';
    };
    const publicUpdates = updates.public.in(namespace);
    for (const key of [...publicUpdates.keys()].sort(compareUtf8)) {
      const update = publicUpdates.get(key);
      if (update !== undefined) append('', Buffer.from(key, 'utf8'), update);
    }
    const collections = updates.hashed.in(namespace);
    if (collections === undefined) continue;
    for (const collection of [...collections.namespaces()].sort(compareUtf8)) {
      let pendingCollection = collection;
      const hashes = collections.in(collection);
      // latin1 strings: UTF-16 order is byte order.
      for (const keyHash of [...hashes.keys()].sort()) {
        const update = hashes.get(keyHash);
        if (update === undefined) continue;
        append(pendingCollection, Buffer.from(keyHash, 'latin1'), update);
        pendingCollection = '';
      }
    }
  }
  return encoder.finish();
}

/**
 * The hash that chains a peer's commits: it covers the filter, the state updates and the commit hash before. The
 * first one stands in block 1, after an empty one. Source: core/ledger/kvledger/kv_ledger.go addBlockCommitHash.
 */
export function nextCommitHash(filter: Uint8Array, updateBytes: Uint8Array, previous: Uint8Array): Buffer {
  return sha256(varint(filter.length), filter, updateBytes, previous);
}
