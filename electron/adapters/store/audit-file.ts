import { rename } from 'node:fs/promises';
import { auditEntrySchema } from '../../api/activity-models';
import type { AuditEntry } from '../../api/activity-models';
import { isWanted } from '../../core/ports/records';
import type { AuditFilter, AuditLog } from '../../core/ports/records';
import type { StoreReport } from '../../core/store-faults';
import { isMissing } from './file-errors';
import { JsonLinesFile, inodeOf, keepEnd, sizeOf } from './json-lines-file';

/** How many older files are kept: each, and the one that grows, has its share of the whole. */
const KEPT_FILES = 4;
const DEFAULT_BYTES = 25 * 1024 * 1024;

/** CITYFLOW_HOME/audit.log, one entry a line; older ones in audit.log.1 to .4. All networks of a home write it. */
export class AuditFile implements AuditLog {
  readonly #lines: JsonLinesFile<AuditEntry>;
  #rotateAtBytes: number;

  /** @param bytes what all files together may have, but for the last entry */
  constructor(
    private readonly file: string,
    report: StoreReport,
    bytes = DEFAULT_BYTES,
  ) {
    this.#lines = new JsonLinesFile(file, (value) => auditEntrySchema.safeParse(value).data, report);
    this.#rotateAtBytes = bytes / (KEPT_FILES + 1);
  }

  get problem(): string | null {
    return this.#lines.problem;
  }

  /** What was done was done, whether it can be written down or not: then the entry waits for the next one. */
  append(entry: AuditEntry): Promise<void> {
    return this.#lines.addOrWait(entry, {
      before: async (bytes) => {
        const size = await this.#lines.size();
        if (size > 0 && size + bytes > this.#rotateAtBytes) await this.#rotate();
      },
    });
  }

  /** From now on at most so many bytes, the last entry aside; what is too much goes at once, the oldest first. */
  retain(bytes: number): Promise<void> {
    return this.#lines.inTheBackground(async () => {
      this.#rotateAtBytes = bytes / (KEPT_FILES + 1);
      await this.#prune(0, bytes);
    });
  }

  async list(filter: AuditFilter): Promise<AuditEntry[]> {
    for (;;) {
      const inode = await inodeOf(this.file);
      const found = await this.#listed(filter);
      // Another console began a new file meanwhile: what was read is not of one moment.
      if ((await inodeOf(this.file)) === inode) return found;
    }
  }

  async #listed(filter: AuditFilter): Promise<AuditEntry[]> {
    const found = wantedOf(this.#lines.waiting, filter);
    for (let index = 0; index <= KEPT_FILES && found.length < filter.limit; index++) {
      found.push(...wantedOf(await this.#lines.list(this.#name(index)), filter));
    }
    return found.slice(0, filter.limit);
  }

  #name = (index: number): string => (index === 0 ? this.file : `${this.file}.${index}`);

  async #rotate(): Promise<void> {
    for (let index = KEPT_FILES - 1; index >= 0; index--) {
      await rename(this.#name(index), this.#name(index + 1)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    }
    // Files of a time when more was kept may be larger than their share.
    await this.#prune(1, this.#rotateAtBytes * KEPT_FILES);
  }

  /** Cuts the oldest of the files from `first` on, so that together they have at most so many bytes. */
  async #prune(first: number, bytes: number): Promise<void> {
    let left = bytes;
    for (let index = first; index <= KEPT_FILES; index++) {
      const size = await sizeOf(this.#name(index));
      if (size > left) {
        await this.#lines.mended(this.#name(index));
        await keepEnd(this.#name(index), left);
      }
      left = Math.max(0, left - size);
    }
  }
}

/** Newest first. */
const wantedOf = (entries: readonly AuditEntry[], filter: AuditFilter): AuditEntry[] =>
  [...entries].reverse().filter((entry) => isWanted(entry, filter));
