import { peer } from '@hyperledger/fabric-protos';
import { VALID, type ValidationCode } from '../../../protocol/validation-code';
import { CommittedVersions } from './committed-versions';
import { hashNamespace } from './keys';
import type { MetadataHint } from './metadata';
import { rangeUnchanged } from './phantom-check';
import type { NamespaceSet } from '../../../protocol/read-write-set';
import type { StateReader } from './state-database';
import { UpdateBatch } from './update-batch';
import { sameVersion } from '../../../protocol/version';
import { applyWriteSets } from './write-set-application';

const { MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT } = peer.TxValidationCode;

/** A transaction whose form, signatures and endorsements are in order. */
export interface Candidate {
  /** Position in its block. */
  readonly tx: number;
  readonly sets: readonly NamespaceSet[];
}

export interface StateOutcome {
  /** Code of each candidate, by position in the block. */
  readonly codes: ReadonlyMap<number, ValidationCode>;
  readonly updates: UpdateBatch;
}

/**
 * Decides in block order which candidates still read what state holds (MVCC and phantom reads), and gathers what the
 * valid ones write. With `trusted` they are all taken as valid: their codes were found when the block was committed.
 * Source: core/ledger/kvledger/txmgmt/validation/validator.go.
 */
export async function validateState(
  block: number,
  candidates: readonly Candidate[],
  reader: StateReader,
  hint: MetadataHint,
  trusted = false,
): Promise<StateOutcome> {
  const committed = await CommittedVersions.load(reader, trusted ? [] : candidates.map(({ sets }) => sets));
  const updates = new UpdateBatch();
  const codes = new Map<number, ValidationCode>();
  for (const { tx, sets } of candidates) {
    const code = trusted ? VALID : await readsStillHold(sets, updates, committed, reader);
    codes.set(tx, code);
    if (code === VALID) await applyWriteSets(sets, { block, tx }, updates, committed, hint);
  }
  return { codes, updates };
}

async function readsStillHold(
  sets: readonly NamespaceSet[],
  updates: UpdateBatch,
  committed: CommittedVersions,
  reader: StateReader,
): Promise<ValidationCode> {
  for (const set of sets) {
    const { namespace } = set;
    for (const { key, version } of set.public.reads) {
      if (updates.public.get(namespace, key) !== undefined) return MVCC_READ_CONFLICT;
      if (!sameVersion(committed.version(namespace, key), version)) return MVCC_READ_CONFLICT;
    }
    for (const query of set.public.rangeQueries) {
      if (!(await rangeUnchanged(reader, updates.public, namespace, query))) return PHANTOM_READ_CONFLICT;
    }
    for (const { collection, reads } of set.collections) {
      const hashes = hashNamespace(namespace, collection);
      for (const { keyHash, version } of reads) {
        if (updates.hashed.get(namespace, collection, keyHash) !== undefined) return MVCC_READ_CONFLICT;
        if (!sameVersion(committed.version(hashes, Buffer.from(keyHash, 'latin1')), version)) {
          return MVCC_READ_CONFLICT;
        }
      }
    }
  }
  return VALID;
}
