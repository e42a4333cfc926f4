import { sha256 } from '../../../protocol/hash';
import { hashNamespace } from '../../../protocol/validation/state';
import { expiryKey, expiryPrefix, privateNamespace, readExpiryKey } from './keys';
import { hashedKey } from '../../../protocol/read-write-set';
import type { Change, StateReader } from './state-database';
import type { UpdateBatch } from '../../../protocol/validation/update-batch';
import { readVarint, varint } from '../../../protocol/wire-encoder';

/** Blocks for which a collection keeps its values; 0 keeps them for ever. */
export type BlockToLive = (namespace: string, collection: string) => Promise<number>;

/** Notes when the private keys a block writes will expire. The key itself is noted where this peer knows it. */
export async function scheduleExpiry(
  block: number,
  updates: UpdateBatch,
  blockToLive: BlockToLive,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const namespace of updates.hashed.namespaces()) {
    const collections = updates.hashed.in(namespace);
    for (const collection of collections?.namespaces() ?? []) {
      const lifetime = await blockToLive(namespace, collection);
      if (lifetime === 0) continue;
      const names = new Map<string, string>();
      for (const key of updates.private.in(namespace)?.in(collection).keys() ?? []) {
        names.set(hashedKey(sha256(Buffer.from(key, 'utf8'))), key);
      }
      for (const [keyHash, update] of collections?.in(collection) ?? []) {
        if (update.value === undefined) continue;
        const expiry = {
          block: block + lifetime + 1,
          namespace,
          collection,
          keyHash: Buffer.from(keyHash, 'latin1'),
        };
        const value = Buffer.concat([varint(block), Buffer.from(names.get(keyHash) ?? '', 'utf8')]);
        changes.push({ key: expiryKey(expiry), value });
      }
    }
  }
  return changes;
}

/**
 * Removes from state what expires with this block, unless a later block wrote it again. That happens behind the
 * commit hash (txmgr Commit → pvtstatepurgemgmt AddExpiredEntriesToUpdateBatch).
 */
export async function expire(block: number, updates: UpdateBatch, reader: StateReader): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const [stored, value] of reader.entries(expiryPrefix(block))) {
    changes.push({ key: stored, value: undefined });
    const { namespace, collection, keyHash } = readExpiryKey(stored);
    const committed = readVarint(value, 0);
    const key = value.toString('utf8', committed.next);
    const deletion = {
      value: undefined,
      metadata: undefined,
      version: { block, tx: Number.MAX_SAFE_INTEGER },
    };

    const hash = await reader.get(hashNamespace(namespace, collection), keyHash);
    const hashExpires = hash?.version.block === committed.value;
    if (hashExpires && updates.hashed.get(namespace, collection, hashedKey(keyHash)) === undefined) {
      updates.hashed.set(namespace, collection, hashedKey(keyHash), deletion);
    }
    if (key === '' || updates.private.get(namespace, collection, key) !== undefined) continue;
    const held = await reader.get(privateNamespace(namespace, collection), key);
    if (hashExpires || held?.version.block === committed.value)
      updates.private.set(namespace, collection, key, deletion);
  }
  return changes;
}
