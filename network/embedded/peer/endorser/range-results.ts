import { ledger } from '@hyperledger/fabric-protos';
import { sha256 } from '../../../protocol/hash';

const { QueryReads, QueryReadsMerkleSummary } = ledger.rwset.kvrwset;
type KVRead = ledger.rwset.kvrwset.KVRead;

/** Fan-out of the tree over a range query's results (query_executor.go maxDegreeQueryReadsHashing). */
const MAX_DEGREE = 50;

export type RangeReads =
  | { readonly kind: 'none' }
  | { readonly kind: 'raw'; readonly reads: ledger.rwset.kvrwset.QueryReads }
  | { readonly kind: 'merkle'; readonly summary: ledger.rwset.kvrwset.QueryReadsMerkleSummary };

/**
 * What a range query saw, in the form the read set keeps it: up to 50 results one by one, above that as a Merkle
 * summary (core/ledger/kvledger/txmgmt/rwsetutil/query_results_helper.go). A leaf is the hash of 51 results, an inner
 * node the hash of 51 hashes of the level below.
 */
export class RangeResults {
  #pending: KVRead[] = [];
  readonly #levels = new Map<number, Buffer[]>();
  #maxLevel = 1;

  add(read: KVRead): void {
    this.#pending.push(read);
    if (this.#pending.length > MAX_DEGREE) this.#hashPending();
  }

  /** Completes the tree; nothing may be added afterwards. */
  finish(): RangeReads {
    if (this.#levels.size === 0) {
      if (this.#pending.length === 0) return { kind: 'none' };
      const reads = new QueryReads();
      reads.setKvReadsList(this.#pending);
      return { kind: 'raw', reads };
    }
    if (this.#pending.length > 0) this.#hashPending();
    this.#completeTree();
    const summary = new QueryReadsMerkleSummary();
    summary.setMaxDegree(MAX_DEGREE);
    summary.setMaxLevel(this.#maxLevel);
    summary.setMaxLevelHashesList(this.#levels.get(this.#maxLevel) ?? []);
    return { kind: 'merkle', summary };
  }

  #hashPending(): void {
    const reads = new QueryReads();
    reads.setKvReadsList(this.#pending);
    this.#pending = [];
    let level = 1;
    this.#append(level, sha256(reads.serializeBinary()));
    for (;;) {
      const hashes = this.#levels.get(level) ?? [];
      if (hashes.length <= MAX_DEGREE) return;
      this.#levels.delete(level);
      level += 1;
      this.#append(level, sha256(...hashes));
      this.#maxLevel = Math.max(this.#maxLevel, level);
    }
  }

  /** Lifts what is left on lower levels: a single hash as it is, several combined. */
  #completeTree(): void {
    for (let level = 1; level < this.#maxLevel; level += 1) {
      const hashes = this.#levels.get(level) ?? [];
      const [first, ...others] = hashes;
      if (first === undefined) continue;
      this.#levels.delete(level);
      this.#append(level + 1, others.length === 0 ? first : sha256(...hashes));
    }
    const top = this.#levels.get(this.#maxLevel) ?? [];
    if (top.length > MAX_DEGREE) {
      this.#levels.delete(this.#maxLevel);
      this.#maxLevel += 1;
      this.#levels.set(this.#maxLevel, [sha256(...top)]);
    }
  }

  #append(level: number, hash: Buffer): void {
    const hashes = this.#levels.get(level);
    if (hashes === undefined) this.#levels.set(level, [hash]);
    else hashes.push(hash);
  }
}
