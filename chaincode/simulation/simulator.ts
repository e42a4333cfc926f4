import type { Ledger, Modification, RangeRead, ReadWriteSet, StateEntry, Version } from './ledger';

export interface RangePage {
  readonly entries: readonly StateEntry[];
  readonly bookmark: string;
}

/** Collects a transaction's reads and writes over the committed state, with the refusals a peer has. */
export class Simulator {
  private readonly reads = new Map<string, Version | undefined>();
  private readonly ranges: RangeRead[] = [];
  private readonly writes = new Map<string, Uint8Array | null>();
  private paged = false;

  constructor(private readonly ledger: Ledger) {}

  get readWriteSet(): ReadWriteSet {
    return { reads: this.reads, ranges: this.ranges, writes: this.writes };
  }

  getState(key: string): Uint8Array {
    const entry = this.ledger.get(key);
    this.reads.set(key, entry?.version);
    return entry?.value ?? new Uint8Array();
  }

  /** @throws Error as lockbased_txmgr does after a paginated query */
  putState(key: string, value: Uint8Array | null): void {
    if (this.paged)
      throw new Error('Transaction has already performed a paginated query. Writes are not allowed');
    this.writes.set(key, value);
  }

  getRange(start: string, end: string): StateEntry[] {
    const entries = this.ledger.range(start, end);
    this.ranges.push({ start, end, found: entries.map(({ key, version }) => ({ key, version })) });
    return entries;
  }

  getPage(start: string, end: string, pageSize: number, bookmark: string): RangePage {
    if (this.writes.size > 0)
      throw new Error('Transaction has already performed writes. Paginated queries are not allowed');
    this.paged = true;
    const all = this.ledger.range(bookmark === '' ? start : bookmark, end);
    return { entries: all.slice(0, pageSize), bookmark: all[pageSize]?.key ?? '' };
  }

  getHistory(key: string): readonly Modification[] {
    return this.ledger.history(key);
  }
}
