import type { AuditEntry, SavedRequest, TransactionRecord } from '../../api/activity-models';
import type { Settings } from '../../api/settings';

/** Who did what. Appending never fails: what went wrong is told by `problem`. */
export interface AuditLog {
  append(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(filter: {
    readonly limit: number;
    readonly before?: string | undefined;
    readonly operation?: string | undefined;
  }): Promise<AuditEntry[]>;
  /** Why the last entry could not be written; null where it was. */
  readonly problem: string | null;
}

/** Calls of contracts that were run here, the newest thousand. */
export interface TransactionHistory {
  append(record: TransactionRecord): Promise<void>;
  /** Newest first. */
  list(): Promise<TransactionRecord[]>;
}

/** Calls under names of their own. */
export interface SavedRequests {
  list(): Promise<SavedRequest[]>;
  add(request: SavedRequest): Promise<void>;
  /** False where there is none with this id. */
  remove(id: string): Promise<boolean>;
}

export interface SettingsStore {
  /** Where nothing is stored, or what is stored can't be used, the defaults. */
  read(): Promise<Settings>;
  write(settings: Settings): Promise<void>;
}
