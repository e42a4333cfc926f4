import { z } from 'zod';
import { isoTime, nodeRoleSchema, runtimeSchema } from './models';

/** A way to run a network's nodes, and whether this machine has it. */
export const runtimeAvailabilitySchema = z.object({
  name: runtimeSchema,
  /** What its nodes are, in one sentence. */
  about: z.string(),
  isAvailable: z.boolean(),
  /** Where its programs are, or why it cannot be used. */
  detail: z.string(),
  /** What to do to have it; empty where there is nothing to do. */
  hint: z.string(),
});
export type RuntimeAvailability = z.infer<typeof runtimeAvailabilitySchema>;

export const savedNetworkSchema = z.object({
  name: z.string(),
  folder: z.string(),
  /** The one this console is opened on. */
  isCurrent: z.boolean(),
  /** The process that runs it now; null where none does. */
  supervisor: z.int().nullable(),
  /** Which programs wrote its ledgers, or that they lie in the volumes of `containers`; null before its first start. */
  ledgersBy: z.enum(['embedded', 'genuine', 'both', 'containers']).nullable(),
  /** It was made from a topology of the user's own. */
  hasOwnTopology: z.boolean(),
  /** When something in it was last written. */
  changed: isoTime,
});
export type SavedNetwork = z.infer<typeof savedNetworkSchema>;

/** In the order they are made: what fails makes those after it moot. */
export const doctorChecks = ['name', 'port', 'tls', 'certificate', 'msp', 'rights', 'clock'] as const;

export const doctorCheckSchema = z.object({
  check: z.enum(doctorChecks),
  /** `skipped`: it could not be made, or there is nothing to check; `said` says which. */
  outcome: z.enum(['ok', 'warning', 'failed', 'skipped']),
  /** What was found, in one sentence. */
  said: z.string(),
  /** What to do; empty where nothing needs doing. */
  hint: z.string(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

export const examinedNodeSchema = z.object({
  node: z.string(),
  role: nodeRoleSchema,
  organization: z.string(),
  address: z.string(),
  checks: z.array(doctorCheckSchema),
});
export type ExaminedNode = z.infer<typeof examinedNodeSchema>;

export const examinationSchema = z.object({ at: isoTime, nodes: z.array(examinedNodeSchema) });
export type Examination = z.infer<typeof examinationSchema>;
