import { sha256 } from '../hash';
import type { MerkleSummary } from '../read-write-set';
import type { Version } from '../version';
import { WireEncoder } from '../wire-encoder';

/** Degree of the tree a genuine simulator builds over long range reads (query_executor.go maxDegreeQueryReadsHashing). */
export const MAX_DEGREE = 50;

export interface RangeRead {
  readonly key: string;
  readonly version: Version;
}

/**
 * Collects what a range query read: as keys up to the degree, beyond it as a Merkle summary, so that a long scan does
 * not blow up its transaction. Source: core/ledger/kvledger/txmgmt/rwsetutil/query_results_helper.go.
 */
export class RangeQueryResults {
  readonly #maxDegree: number;
  readonly #levels = new Map<number, Buffer[]>();
  #pending: RangeRead[] = [];
  #maxLevel = 1;

  /** Throws RangeError for a degree below 2, of which no tree can be built. */
  constructor(maxDegree = MAX_DEGREE) {
    if (maxDegree < 2)
      throw new RangeError(`maxDegree [${maxDegree}] should not be less than 2 in the merkle tree`);
    this.#maxDegree = maxDegree;
  }

  add(read: RangeRead): void {
    this.#pending.push(read);
    if (this.#pending.length > this.#maxDegree) this.#hashPending();
  }

  /** The tree as far as it is built: results still pending are not in it. */
  summary(): MerkleSummary {
    return {
      maxDegree: this.#maxDegree,
      maxLevel: this.#maxLevel,
      maxLevelHashes: [...this.#level(this.#maxLevel)],
    };
  }

  /** The reads themselves, or their summary when there were more of them than the degree. */
  finish():
    { reads: readonly RangeRead[]; summary: undefined } | { reads: undefined; summary: MerkleSummary } {
    if (this.#maxLevel === 1 && this.#level(1).length === 0)
      return { reads: this.#pending, summary: undefined };
    if (this.#pending.length > 0) this.#hashPending();
    this.#close();
    return { reads: undefined, summary: this.summary() };
  }

  #level(level: number): Buffer[] {
    return this.#levels.get(level) ?? [];
  }

  #hashPending(): void {
    const encoder = new WireEncoder();
    for (const { key, version } of this.#pending) {
      const height = new WireEncoder().uint64(1, version.block).uint64(2, version.tx).finish();
      encoder.message(1, new WireEncoder().string(1, key).message(2, height).finish());
    }
    this.#pending = [];
    this.#push(1, sha256(encoder.finish()));
    for (let level = 1; this.#level(level).length > this.#maxDegree; level++) {
      const combined = sha256(...this.#level(level));
      this.#levels.delete(level);
      this.#push(level + 1, combined);
      this.#maxLevel = Math.max(this.#maxLevel, level + 1);
    }
  }

  /** Carries what lower levels still hold up to the highest one. */
  #close(): void {
    for (let level = 1; level < this.#maxLevel; level++) {
      const [first, ...others] = this.#level(level);
      if (first === undefined) continue;
      this.#levels.delete(level);
      this.#push(level + 1, others.length === 0 ? first : sha256(first, ...others));
    }
    const top = this.#level(this.#maxLevel);
    if (top.length > this.#maxDegree) {
      this.#levels.delete(this.#maxLevel);
      this.#maxLevel += 1;
      this.#push(this.#maxLevel, sha256(...top));
    }
  }

  #push(level: number, hash: Buffer): void {
    this.#levels.set(level, [...this.#level(level), hash]);
  }
}
