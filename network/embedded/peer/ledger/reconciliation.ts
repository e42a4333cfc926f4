import { sha256 } from '../../../protocol/hash';
import { VALID, type ValidationCode } from '../../../protocol/validation-code';
import { stateChanges } from './block-changes';
import { hashNamespace } from '../../../protocol/validation/state';
import { expiryKey, privateNamespace, type PrivateSetId } from './keys';
import type { BlockToLive } from './expiry';
import { privateDataChanges, storedPrivateSets } from './private-data';
import { decodeKeyValueSet, deletes, type PrivateNamespaceSet } from '../../../protocol/read-write-set';
import { StateReader, type Change, type Database } from './state-database';
import { UpdateBatch } from '../../../protocol/validation/update-batch';
import { varint } from '../../../protocol/wire-encoder';

/**
 * Takes in a private write set that was missing when its block was committed. Values that were overwritten since, or
 * have expired, stay away. `encoded` must have the hash the transaction refers to.
 * Source: txmgr RemoveStaleAndCommitPvtDataOfOldBlocks.
 */
export async function reconciliationChanges(
  database: Database,
  id: PrivateSetId,
  code: ValidationCode,
  encoded: Uint8Array,
  blockToLive: BlockToLive,
): Promise<Change[]> {
  const { block, tx, namespace, collection } = id;
  const stored = await storedPrivateSets(database, { block, tx });
  const added: PrivateNamespaceSet = { namespace, collections: [{ collection, encoded }] };
  const changes = privateDataChanges(block, { held: new Map([[tx, [...stored, added]]]), missing: [] });
  if (code !== VALID) return changes;

  const reader = new StateReader(database);
  const updates = new UpdateBatch();
  const lifetime = await blockToLive(namespace, collection);
  for (const write of decodeKeyValueSet(encoded).writes) {
    const keyHash = sha256(Buffer.from(write.key, 'utf8'));
    const hash = await reader.get(hashNamespace(namespace, collection), keyHash);
    if (deletes(write)) {
      const held = await reader.get(privateNamespace(namespace, collection), write.key);
      if (hash !== undefined || held === undefined) continue;
      updates.private.set(namespace, collection, write.key, {
        value: undefined,
        metadata: undefined,
        version: id,
      });
      continue;
    }
    // The hash decides, not its version: a change of metadata raises the version and leaves the value.
    if (hash === undefined || !sha256(write.value).equals(hash.value)) continue;
    const update = { value: write.value, metadata: undefined, version: hash.version };
    updates.private.set(namespace, collection, write.key, update);
    if (lifetime > 0) {
      const expiry = { block: block + lifetime + 1, namespace, collection, keyHash };
      changes.push({
        key: expiryKey(expiry),
        value: Buffer.concat([varint(block), Buffer.from(write.key, 'utf8')]),
      });
    }
  }
  return [...changes, ...stateChanges(updates)];
}
