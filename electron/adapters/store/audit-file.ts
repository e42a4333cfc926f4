import { rename } from 'node:fs/promises';
import { auditEntrySchema } from '../../api/activity-models';
import type { AuditEntry } from '../../api/activity-models';
import { isWanted } from '../../core/ports/records';
import type { AuditFilter, AuditLog } from '../../core/ports/records';
import { isMissing, JsonLinesFile, keepEnd, readJsonLines, sizeOf } from './json-lines-file';

/** How many older files are kept: each, and the one that grows, has its share of the whole. */
const KEPT_FILES = 4;
const DEFAULT_BYTES = 25 * 1024 * 1024;

/** CITYFLOW_HOME/audit.log, one entry a line; older ones in audit.log.1 to .4. */
export class AuditFile implements AuditLog {
  readonly #lines: JsonLinesFile;
  #problem: string | null = null;
  #rotateAtBytes: number;

  /** @param bytes what all files together may have, but for the last entry */
  constructor(
    private readonly file: string,
    bytes = DEFAULT_BYTES,
  ) {
    this.#lines = new JsonLinesFile(file);
    this.#rotateAtBytes = bytes / (KEPT_FILES + 1);
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** What was done was done, whether it can be written down or not: a full disk is told by `problem`. */
  async append(entry: AuditEntry): Promise<void> {
    try {
      await this.#lines.exclusively(async () => {
        const bytes = Buffer.byteLength(JSON.stringify(entry)) + 1;
        const size = await this.#lines.size();
        if (size > 0 && size + bytes > this.#rotateAtBytes) await this.#rotate();
        await this.#lines.appendLine(entry);
      });
      this.#problem = null;
    } catch (error) {
      this.#problem = `${this.file}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** From now on at most so many bytes, the last entry aside; what is too much goes at once, the oldest first. */
  retain(bytes: number): Promise<void> {
    return this.#lines.exclusively(async () => {
      this.#rotateAtBytes = bytes / (KEPT_FILES + 1);
      await this.#prune(0, bytes);
    });
  }

  async list(filter: AuditFilter): Promise<AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (let index = 0; index <= KEPT_FILES && found.length < filter.limit; index++) {
      const entries = await readJsonLines(
        this.#name(index),
        (value) => auditEntrySchema.safeParse(value).data,
      );
      const wanted = entries.reverse().filter((entry) => isWanted(entry, filter));
      found.push(...wanted.slice(0, filter.limit - found.length));
    }
    return found;
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
      if (size > left) await keepEnd(this.#name(index), left);
      left = Math.max(0, left - size);
    }
  }
}
