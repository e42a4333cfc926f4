import { rename } from 'node:fs/promises';
import { auditEntrySchema } from '../../api/activity-models';
import type { AuditEntry } from '../../api/activity-models';
import type { AuditLog } from '../../core/ports/records';
import { isMissing, JsonLinesFile, readJsonLines } from './json-lines-file';

/** Bytes after which the file is moved aside, and how many of the older ones are kept. */
const ROTATE_AT_BYTES = 5 * 1024 * 1024;
const KEPT_FILES = 4;

/** CITYFLOW_HOME/audit.log, one entry a line; older ones in audit.log.1 to .4. */
export class AuditFile implements AuditLog {
  readonly #lines: JsonLinesFile;
  #problem: string | null = null;

  constructor(
    private readonly file: string,
    private readonly rotateAtBytes = ROTATE_AT_BYTES,
  ) {
    this.#lines = new JsonLinesFile(file);
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** What was done was done, whether it can be written down or not: a full disk is told by `problem`. */
  async append(entry: AuditEntry): Promise<void> {
    try {
      await this.#lines.exclusively(async () => {
        if ((await this.#lines.size()) >= this.rotateAtBytes) await this.#rotate();
        await this.#lines.appendLine(entry);
      });
      this.#problem = null;
    } catch (error) {
      this.#problem = `${this.file}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async list(filter: Parameters<AuditLog['list']>[0]): Promise<AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (let index = 0; index <= KEPT_FILES && found.length < filter.limit; index++) {
      const entries = await readJsonLines(
        this.#name(index),
        (value) => auditEntrySchema.safeParse(value).data,
      );
      const wanted = entries
        .reverse()
        .filter(({ at }) => filter.before === undefined || at < filter.before)
        .filter(({ operation }) => filter.operation === undefined || operation === filter.operation);
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
  }
}
