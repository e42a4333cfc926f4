import { RangeQueryResults } from './range-query-results';
import type { MerkleSummary, RangeQuery, Read } from '../read-write-set';
import type { CommittedState } from './state';
import { compareUtf8 } from '../byte-order';
import { sameVersion, type Version } from '../version';
import type { UpdateMap } from './update-batch';

interface Result {
  readonly key: string;
  readonly version: Version;
}

/** The first result in which a range differs from what was read. */
export interface RangeChange {
  /** Undefined where only hashes of the results were recorded. */
  readonly key: string | undefined;
  /** Undefined where the key was not among the results read, or only hashes were recorded. */
  readonly read: Version | undefined;
}

/**
 * Whether a range query would give other results now, on committed state and what earlier transactions of the
 * block wrote. Source: core/ledger/kvledger/txmgmt/validation/rangequery_validator.go.
 */
export async function rangeChange(
  state: CommittedState,
  updates: UpdateMap,
  namespace: string,
  query: RangeQuery,
): Promise<RangeChange | undefined> {
  const results = currentResults(state, updates, namespace, query);
  if (query.merkleSummary === undefined) return changedRead(results, query.rawReads ?? []);
  return (await sameSummary(results, query.merkleSummary)) ? undefined : { key: undefined, read: undefined };
}

async function changedRead(
  results: AsyncIterable<Result>,
  reads: readonly Read[],
): Promise<RangeChange | undefined> {
  let index = 0;
  for await (const result of results) {
    const read = reads[index];
    // A read without a version counts as block 0, transaction 0: Go's getters read a missing message as zeros.
    const version = read?.version ?? { block: 0, tx: 0 };
    if (read === undefined || compareUtf8(result.key, read.key) < 0)
      return { key: result.key, read: undefined };
    if (result.key !== read.key || !sameVersion(result.version, version))
      return { key: read.key, read: version };
    index += 1;
  }
  const gone = reads[index];
  return gone && { key: gone.key, read: gone.version };
}

async function sameSummary(results: AsyncIterable<Result>, expected: MerkleSummary): Promise<boolean> {
  const current = new RangeQueryResults(expected.maxDegree);
  let lastMatched = -1;
  for await (const result of results) {
    current.add(result);
    const { maxLevel, maxLevelHashes } = current.summary();
    if (maxLevel < expected.maxLevel || lastMatched === maxLevelHashes.length - 1) continue;
    if (maxLevelHashes.length > expected.maxLevelHashes.length) return false;
    lastMatched += 1;
    if (!sameBytes(maxLevelHashes[lastMatched], expected.maxLevelHashes[lastMatched])) return false;
  }
  const { summary } = current.finish();
  return (
    summary !== undefined &&
    summary.maxDegree === expected.maxDegree &&
    summary.maxLevel === expected.maxLevel &&
    summary.maxLevelHashes.length === expected.maxLevelHashes.length &&
    summary.maxLevelHashes.every((hash, index) => sameBytes(hash, expected.maxLevelHashes[index]))
  );
}

function sameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
}

/** Committed keys of the range merged with those the block has written so far, in key order. */
async function* currentResults(
  state: CommittedState,
  updates: UpdateMap,
  namespace: string,
  { startKey, endKey, exhausted }: RangeQuery,
): AsyncGenerator<Result> {
  const written = [...updates.in(namespace)]
    .filter(([key]) => compareUtf8(key, startKey) >= 0 && (endKey === '' || compareUtf8(key, endKey) < 0))
    .sort(([one], [other]) => compareUtf8(one, other))
    .map(([key, update]) => ({ key, version: update.version, deleted: update.value === undefined }));
  let next = 0;
  for await (const committed of state.range(namespace, startKey, endKey)) {
    for (; next < written.length; next++) {
      const update = written[next];
      if (update === undefined || compareUtf8(update.key, committed.key) >= 0) break;
      if (!update.deleted) yield update;
    }
    // The block's own write of a committed key comes in its place in the next round.
    if (written[next]?.key !== committed.key) yield committed;
  }
  for (const update of written.slice(next)) if (!update.deleted) yield update;
  if (exhausted) return;
  // A query not read to its end records the last key it saw as its end: that key belongs to the results.
  const last = updates.get(namespace, endKey) ?? (await state.get(namespace, endKey));
  if (last?.value !== undefined) yield { key: endKey, version: last.version };
}
