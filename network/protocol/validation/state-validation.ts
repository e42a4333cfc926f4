import { peer } from '@hyperledger/fabric-protos';
import { VALID, type ValidationCode } from '../validation-code';
import { CommittedVersions } from './committed-versions';
import type { MetadataUse } from './key-metadata';
import { rangeChange } from './phantom-check';
import type { NamespaceSet, RangeQuery } from '../read-write-set';
import { hashNamespace, type CommittedState } from './state';
import { UpdateBatch, type Update } from './update-batch';
import { sameVersion, type Version } from '../version';
import { applyWriteSets } from './write-set-application';

const { MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT } = peer.TxValidationCode;

/** A transaction whose form, signatures and endorsements are in order. */
export interface Candidate {
  /** Position in its block. */
  readonly tx: number;
  readonly sets: readonly NamespaceSet[];
}

/** What a transaction had read and state no longer says when it is committed. */
export type StaleRead = {
  readonly namespace: string;
  /** Undefined where the key did not exist for it. */
  readonly read: Version | undefined;
} & (
  | {
      readonly kind: 'key';
      /** Of private data; `key` is then the SHA-256 of the key in hex. */
      readonly collection: string | undefined;
      readonly key: string;
      /** The version state has instead, earlier transactions of the block included; undefined where the key is gone. */
      readonly found: Version | undefined;
    }
  | {
      readonly kind: 'range';
      readonly query: RangeQuery;
      /** The first key that differs; undefined where only hashes of the results were recorded. */
      readonly key: string | undefined;
    }
);

export interface StateOutcome {
  /** Code of each candidate, by position in the block. */
  readonly codes: ReadonlyMap<number, ValidationCode>;
  /** Why candidates were refused, by position. */
  readonly staleReads: ReadonlyMap<number, StaleRead>;
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
  state: CommittedState,
  hint: MetadataUse,
  trusted = false,
): Promise<StateOutcome> {
  const committed = await CommittedVersions.load(state, trusted ? [] : candidates.map(({ sets }) => sets));
  const updates = new UpdateBatch();
  const codes = new Map<number, ValidationCode>();
  const staleReads = new Map<number, StaleRead>();
  for (const { tx, sets } of candidates) {
    const stale = trusted ? undefined : await staleRead(sets, updates, committed, state);
    if (stale !== undefined) {
      codes.set(tx, stale.kind === 'key' ? MVCC_READ_CONFLICT : PHANTOM_READ_CONFLICT);
      staleReads.set(tx, stale);
      continue;
    }
    codes.set(tx, VALID);
    await applyWriteSets(sets, { block, tx }, updates, committed, hint);
  }
  return { codes, staleReads, updates };
}

/** The first read that no longer holds, in the order genuine peers look at them. */
async function staleRead(
  sets: readonly NamespaceSet[],
  updates: UpdateBatch,
  committed: CommittedVersions,
  state: CommittedState,
): Promise<StaleRead | undefined> {
  for (const set of sets) {
    const { namespace } = set;
    for (const { key, version: read } of set.public.reads) {
      const update = updates.public.get(namespace, key);
      const found = update === undefined ? committed.version(namespace, key) : versionLeft(update);
      if (update === undefined && sameVersion(found, read)) continue;
      return { kind: 'key', namespace, collection: undefined, key, read, found };
    }
    for (const query of set.public.rangeQueries) {
      const change = await rangeChange(state, updates.public, namespace, query);
      if (change !== undefined) return { kind: 'range', namespace, query, ...change };
    }
    for (const { collection, reads } of set.collections) {
      const hashes = hashNamespace(namespace, collection);
      for (const { keyHash, version: read } of reads) {
        const hash = Buffer.from(keyHash, 'latin1');
        const update = updates.hashed.get(namespace, collection, keyHash);
        const found = update === undefined ? committed.version(hashes, hash) : versionLeft(update);
        if (update === undefined && sameVersion(found, read)) continue;
        return { kind: 'key', namespace, collection, key: hash.toString('hex'), read, found };
      }
    }
  }
  return undefined;
}

const versionLeft = ({ value, version }: Update): Version | undefined =>
  value === undefined ? undefined : version;
