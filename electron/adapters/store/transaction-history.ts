import { transactionRecordSchema } from '../../api/activity-models';
import type { TransactionRecord } from '../../api/activity-models';
import type { TransactionHistory } from '../../core/ports/records';
import { JsonLinesFile, readJsonLines, replaceFile } from './json-lines-file';

const KEPT = 1_000;
/** The file is written anew once it holds this many times what is kept. */
const SLACK = 2;

/** Calls that were run, one a line. */
export class TransactionHistoryFile implements TransactionHistory {
  readonly #lines: JsonLinesFile;
  #records: Promise<TransactionRecord[]> | undefined;
  #linesOnDisk = 0;

  #kept: number;

  constructor(file: string, kept = KEPT) {
    this.#lines = new JsonLinesFile(file);
    this.#kept = kept;
  }

  /** From now on at most so many; what is too much goes at once, the oldest first. */
  retain(calls: number): Promise<void> {
    return this.#lines.exclusively(async () => {
      this.#kept = calls;
      const records = await this.#loaded();
      records.splice(0, records.length - calls);
      if (this.#linesOnDisk > records.length) await this.#rewrite(records);
    });
  }

  append(record: TransactionRecord): Promise<void> {
    return this.#lines.exclusively(async () => {
      const records = await this.#loaded();
      records.push(record);
      if (records.length > this.#kept) records.shift();
      this.#linesOnDisk += 1;
      if (this.#linesOnDisk <= this.#kept * SLACK) {
        await this.#lines.appendLine(record);
        return;
      }
      await this.#rewrite(records);
    });
  }

  async #rewrite(records: readonly TransactionRecord[]): Promise<void> {
    await replaceFile(this.#lines.file, records.map((one) => `${JSON.stringify(one)}\n`).join(''));
    this.#linesOnDisk = records.length;
  }

  async list(): Promise<TransactionRecord[]> {
    return [...(await this.#loaded())].reverse();
  }

  #loaded(): Promise<TransactionRecord[]> {
    this.#records ??= readJsonLines(
      this.#lines.file,
      (value) => transactionRecordSchema.safeParse(value).data,
    ).then((records) => {
      this.#linesOnDisk = records.length;
      return records.slice(-this.#kept);
    });
    this.#records.catch(() => (this.#records = undefined));
    return this.#records;
  }
}
