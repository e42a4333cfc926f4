import { RangeQueryResults } from './range-query-results';
import type { MerkleSummary, RangeQuery, Read } from '../../../protocol/read-write-set';
import type { StateReader } from './state-database';
import { compareUtf8 } from '../../../protocol/byte-order';
import { sameVersion, type Version } from '../../../protocol/version';
import type { UpdateMap } from './update-batch';

interface Result {
  readonly key: string;
  readonly version: Version;
}

/**
 * Whether a range query would give the same results again, on committed state and what earlier transactions of the
 * block wrote. Source: core/ledger/kvledger/txmgmt/validation/rangequery_validator.go.
 */
export async function rangeUnchanged(
  reader: StateReader,
  updates: UpdateMap,
  namespace: string,
  query: RangeQuery,
): Promise<boolean> {
  const results = currentResults(reader, updates, namespace, query);
  return query.merkleSummary === undefined
    ? sameReads(results, query.rawReads ?? [])
    : sameSummary(results, query.merkleSummary);
}

async function sameReads(results: AsyncIterable<Result>, reads: readonly Read[]): Promise<boolean> {
  let index = 0;
  for await (const result of results) {
    const read = reads[index];
    // A read without a version counts as block 0, transaction 0: Go's getters read a missing message as zeros.
    const version = read?.version ?? { block: 0, tx: 0 };
    if (read === undefined || result.key !== read.key || !sameVersion(result.version, version)) return false;
    index += 1;
  }
  return index === reads.length;
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
  reader: StateReader,
  updates: UpdateMap,
  namespace: string,
  { startKey, endKey, exhausted }: RangeQuery,
): AsyncGenerator<Result> {
  const written = [...updates.in(namespace)]
    .filter(([key]) => compareUtf8(key, startKey) >= 0 && (endKey === '' || compareUtf8(key, endKey) < 0))
    .sort(([one], [other]) => compareUtf8(one, other))
    .map(([key, update]) => ({ key, version: update.version, deleted: update.value === undefined }));
  let next = 0;
  for await (const committed of reader.range(namespace, startKey, endKey)) {
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
  const last = updates.get(namespace, endKey) ?? (await reader.get(namespace, endKey));
  if (last?.value !== undefined) yield { key: endKey, version: last.version };
}
