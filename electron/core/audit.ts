import type { AuditEntry } from '../api/activity-models';
import type { OperationName, Role } from '../api/operations';
import type { Problem } from '../api/problems';
import type { AuditLog } from './ports/records';

/** Fields that are secret wherever they stand in a request. */
const secretFields = new Set(['transient', 'privateKeyPem', 'certificatePem']);
const LONGEST_TEXT = 512;
const LONGEST_LIST = 64;

export interface Audited {
  readonly user: string;
  readonly role: Role;
  readonly operation: OperationName;
  readonly request: unknown;
  readonly task: string | null;
  readonly durationMs: number;
  readonly outcome: 'STARTED' | { readonly value: unknown } | { readonly problem: Problem };
}

/** Writes down who did what, without what must not be written down. */
export async function audit(log: AuditLog, done: Audited): Promise<void> {
  const { outcome } = done;
  const entry: AuditEntry = {
    at: new Date().toISOString(),
    user: done.user,
    role: done.role,
    operation: done.operation,
    identity: textField(done.request, 'as') ?? null,
    request: withoutSecrets(done.request),
    outcome: outcome === 'STARTED' ? outcome : 'problem' in outcome ? outcome.problem.code : 'OK',
    transactionId:
      outcome === 'STARTED'
        ? null
        : 'problem' in outcome
          ? (outcome.problem.transactionId ?? null)
          : (textField(outcome.value, 'transactionId') ?? null),
    task: done.task,
    durationMs: Math.round(done.durationMs),
  };
  await log.append(entry);
}

/** A copy that can be kept: secrets named but not told, long texts cut. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length <= LONGEST_TEXT
      ? value
      : `${value.slice(0, LONGEST_TEXT)}… (${value.length} characters)`;
  }
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      secretFields.has(name) ? '(not recorded)' : withoutSecrets(field),
    ]),
  );
}

function textField(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field = (value as Record<string, unknown>)[name];
  return typeof field === 'string' ? field : undefined;
}
