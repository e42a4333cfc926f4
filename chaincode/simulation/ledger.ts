/**
 * One channel's state and history in memory, with Fabric's transaction semantics: a simulation reads the
 * committed state and never its own writes; a block commits transaction by transaction, refusing those whose
 * reads or scanned ranges have changed since (core/ledger/kvledger/txmgmt/validation).
 */
export type Code = 'VALID' | 'MVCC_READ_CONFLICT' | 'PHANTOM_READ_CONFLICT';

export interface Version {
  readonly block: number;
  readonly tx: number;
}

export interface StateEntry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly version: Version;
}

export interface Modification {
  readonly txId: string;
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
  readonly isDelete: boolean;
  readonly value: Uint8Array;
}

export interface RangeRead {
  readonly start: string;
  readonly end: string;
  readonly found: readonly { readonly key: string; readonly version: Version }[];
}

/** What a simulation read and wants to write. */
export interface ReadWriteSet {
  readonly reads: ReadonlyMap<string, Version | undefined>;
  readonly ranges: readonly RangeRead[];
  readonly writes: ReadonlyMap<string, Uint8Array | null>;
}

/** A simulated transaction as it goes into a block. */
export interface Transaction {
  readonly txId: string;
  readonly time: number;
  readonly readWriteSet: ReadWriteSet;
}

export class Ledger {
  private readonly state = new Map<string, StateEntry>();
  private readonly modifications = new Map<string, Modification[]>();
  private height = 0;

  get(key: string): StateEntry | undefined {
    return this.state.get(key);
  }

  /** Entries of [start, end) in the order of their keys' bytes, as LevelDB keeps them. */
  range(start: string, end: string): StateEntry[] {
    return [...this.state.values()]
      .filter(({ key }) => compareKeys(key, start) >= 0 && compareKeys(key, end) < 0)
      .sort((left, right) => compareKeys(left.key, right.key));
  }

  /** Newest first, as Fabric's history database answers. */
  history(key: string): readonly Modification[] {
    return [...(this.modifications.get(key) ?? [])].reverse();
  }

  commit(transactions: readonly Transaction[]): Code[] {
    const block = this.height++;
    return transactions.map((transaction, tx) => {
      const code = this.validate(transaction.readWriteSet);
      if (code === 'VALID') this.apply(transaction, { block, tx });
      return code;
    });
  }

  private validate({ reads, ranges }: ReadWriteSet): Code {
    for (const [key, version] of reads) {
      if (!sameVersion(this.state.get(key)?.version, version)) return 'MVCC_READ_CONFLICT';
    }
    for (const { start, end, found } of ranges) {
      const now = this.range(start, end);
      const same =
        now.length === found.length &&
        now.every(
          (entry, index) =>
            entry.key === found[index]?.key && sameVersion(entry.version, found[index]?.version),
        );
      if (!same) return 'PHANTOM_READ_CONFLICT';
    }
    return 'VALID';
  }

  private apply({ txId, time, readWriteSet }: Transaction, version: Version): void {
    const timestamp = { seconds: Math.floor(time / 1000), nanos: (time % 1000) * 1_000_000 };
    for (const [key, value] of readWriteSet.writes) {
      if (value === null) this.state.delete(key);
      else this.state.set(key, { key, value, version });
      const modification = { txId, timestamp, isDelete: value === null, value: value ?? new Uint8Array() };
      this.modifications.set(key, [...(this.modifications.get(key) ?? []), modification]);
    }
  }
}

const compareKeys = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));

const sameVersion = (left: Version | undefined, right: Version | undefined): boolean =>
  left?.block === right?.block && left?.tx === right?.tx;
