import { transactionRecordSchema } from '../../api/activity-models';
import type { TransactionRecord } from '../../api/activity-models';
import type { TransactionHistory } from '../../core/ports/records';
import type { StoreReport } from '../../core/store-faults';
import { JsonLinesFile, versionOf } from './json-lines-file';

const KEPT = 1_000;
/** The file is written anew once it holds this many times what is kept. */
const SLACK = 2;

interface Known {
  /** Of the file that held these records: another core of the same network may write, too. */
  readonly version: string;
  readonly records: TransactionRecord[];
}

/** Calls that were run, one a line. */
export class TransactionHistoryFile implements TransactionHistory {
  readonly #lines: JsonLinesFile<TransactionRecord>;
  #known: Known = { version: 'unread', records: [] };
  #kept: number;

  constructor(file: string, report: StoreReport, kept = KEPT) {
    this.#lines = new JsonLinesFile(file, (value) => transactionRecordSchema.safeParse(value).data, report);
    this.#kept = kept;
  }

  /** From now on at most so many; what is too much goes at once, the oldest first. */
  retain(calls: number): Promise<void> {
    return this.#lines.inTheBackground(async () => {
      this.#kept = calls;
      await this.#shorten(await this.#current(), calls);
    });
  }

  /** What cannot be written waits for the next that is, and is listed. Never throws. */
  append(record: TransactionRecord): Promise<void> {
    let before = this.#known;
    return this.#lines.addOrWait(record, {
      before: async () => {
        before = await this.#current();
      },
      after: async (written) => {
        const version = await versionOf(this.#lines.file);
        this.#known = { version, records: [...before.records, ...written] };
        await this.#shorten(this.#known, this.#kept * SLACK);
      },
    });
  }

  /** Newest first. */
  async list(): Promise<TransactionRecord[]> {
    const version = await versionOf(this.#lines.file);
    if (version !== this.#known.version) this.#known = { version, records: await this.#lines.list() };
    return [...this.#known.records, ...this.#lines.waiting].slice(-this.#kept).reverse();
  }

  /** What the file holds; within `exclusively`. */
  async #current(): Promise<Known> {
    const version = await versionOf(this.#lines.file);
    if (version === this.#known.version) return this.#known;
    const records = await this.#lines.mended();
    return { version: await versionOf(this.#lines.file), records };
  }

  /** Within `exclusively`. */
  async #shorten({ records }: Known, most: number): Promise<void> {
    if (records.length <= most) return;
    const left = records.slice(-this.#kept);
    await this.#lines.replace(left);
    this.#known = { version: await versionOf(this.#lines.file), records: left };
  }
}
