import type { AuditEntry, SavedRequest, TransactionRecord } from '../../api/activity-models';
import type { Settings } from '../../api/settings';

export interface AuditFilter {
  readonly limit: number;
  /** ISO 8601, exclusive. */
  readonly before?: string | undefined;
  /** ISO 8601, inclusive. */
  readonly since?: string | undefined;
  readonly operation?: string | undefined;
  readonly text?: string | undefined;
  readonly failed?: boolean | undefined;
}

/** Whether an entry is one of those asked for. */
export function isWanted(entry: AuditEntry, filter: AuditFilter): boolean {
  const { before, since, operation, text, failed } = filter;
  if (before !== undefined && entry.at >= before) return false;
  if (since !== undefined && entry.at < since) return false;
  if (operation !== undefined && entry.operation !== operation) return false;
  if (failed === true && (entry.outcome === 'OK' || entry.outcome === 'STARTED')) return false;
  return text === undefined || JSON.stringify(entry).toLowerCase().includes(text.toLowerCase());
}

/** Who did what. Appending never fails: what went wrong is told by `problem`. */
export interface AuditLog {
  append(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter): Promise<AuditEntry[]>;
  /** Why the last entry could not be written; null where it was. */
  readonly problem: string | null;
}

/** Calls of contracts that were run here, the newest. Appending never fails: what can't be written waits. */
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
  /** Changes what is given and nothing else, whoever changes another setting meanwhile. Answers all. */
  change(given: Partial<Settings>): Promise<Settings>;
}

/** Holds what is kept to what the settings allow. */
export interface Retention {
  /** What is too much goes at once, the oldest first; of metrics within a day. */
  apply(limits: Pick<Settings, 'metricsDays' | 'historyCalls' | 'auditMegabytes'>): Promise<void>;
}
