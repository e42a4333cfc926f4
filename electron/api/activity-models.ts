import { z } from 'zod';
import { decimal, isoTime, transactionResultSchema } from './models';
import { problemSourceSchema } from './problems';

export const auditEntrySchema = z.object({
  at: isoTime,
  /** Who was signed in. */
  user: z.string(),
  role: z.string(),
  operation: z.string(),
  /** ORG/NAME it was done as; null where it was no transaction. */
  identity: z.string().nullable(),
  /** The request without secrets and transient data. */
  request: z.unknown(),
  /** `OK`, the code of a problem, or `STARTED` for a task whose end is a second entry. */
  outcome: z.string(),
  transactionId: z.string().nullable(),
  task: z.string().nullable(),
  durationMs: z.number(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const transactionRecordSchema = z.object({
  id: z.string(),
  at: isoTime,
  kind: z.enum(['evaluate', 'submit']),
  as: z.string(),
  channel: z.string(),
  contract: z.string(),
  function: z.string(),
  args: z.array(z.string()),
  /** Names only: the values are secrets, and are asked for again when it is repeated. */
  transientKeys: z.array(z.string()),
  endorsingOrganizations: z.array(z.string()).nullable(),
  /** `OK` or the code of the problem. */
  outcome: z.string(),
  /** Title and detail of the problem; null where there was none. */
  problem: z
    .object({ title: z.string(), detail: z.string(), sources: z.array(problemSourceSchema) })
    .nullable(),
  transactionId: z.string().nullable(),
  /** Validation code by name; null where it was not ordered, or nobody said. */
  status: z.string().nullable(),
  blockNumber: decimal.nullable(),
  /** Null where it was too large to keep. */
  result: z.unknown(),
  durationMs: z.number(),
  stagesMs: transactionResultSchema.shape.durationsMs.nullable(),
});
export type TransactionRecord = z.infer<typeof transactionRecordSchema>;

/** A call under a name of its own, to be run again. Values of transient data are secrets and never part of it. */
export const savedRequestSchema = z.object({
  id: z.string(),
  name: z.string(),
  savedAt: isoTime,
  channel: z.string(),
  contract: z.string(),
  function: z.string(),
  args: z.array(z.string()),
  transientKeys: z.array(z.string()),
  /** MSP ids; null: whatever the policy needs. */
  endorsingOrganizations: z.array(z.string()).nullable(),
});
export type SavedRequest = z.infer<typeof savedRequestSchema>;

/** Steps of the task `transaction.run`, in order. */
export const transactionStages = ['Proposal', 'Endorse', 'Order', 'Commit'] as const;
export type TransactionStage = (typeof transactionStages)[number];
