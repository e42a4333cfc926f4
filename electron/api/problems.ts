import { z } from 'zod';

/**
 * Every code a user can meet. The core owns the codes; words shown by a renderer may differ from `title`.
 * A code is stable: scripts compare it.
 */
export const problemCodes = [
  // what the caller sent
  'BAD_REQUEST',
  'UNKNOWN_OPERATION',
  'ROLE_TOO_LOW',
  'UNKNOWN_NODE',
  'UNKNOWN_CHANNEL',
  'UNKNOWN_CONTRACT',
  'UNKNOWN_IDENTITY',
  'UNKNOWN_ORGANIZATION',
  'IDENTITY_EXISTS',
  'CANCELLED',
  // the network as a whole
  'TOPOLOGY_INVALID',
  'NETWORK_NOT_RUNNING',
  'NETWORK_BUSY',
  'SUPERVISOR_ENDING',
  'SUPERVISOR_OUTDATED',
  'NETWORK_FOREIGN_DATA',
  'RUNTIME_UNAVAILABLE',
  'HOME_UNUSABLE',
  'DISK_FULL',
  'PORT_TAKEN',
  'NODE_FAILED',
  'NODE_UNAVAILABLE',
  'CERTIFICATE_INVALID',
  'KEY_UNUSABLE',
  'LEDGER_DAMAGED',
  'BRING_UP_FAILED',
  // transactions
  'CONTRACT_REFUSED',
  'ENDORSEMENT_FAILED',
  'SUBMIT_FAILED',
  'TRANSACTION_INVALID',
  'COMMIT_UNKNOWN',
  'ACCESS_DENIED',
  'TIMED_OUT',
  // ledger
  'BLOCK_NOT_FOUND',
  'TRANSACTION_NOT_FOUND',
  'VERIFICATION_FAILED',
  // the console's own service
  'NOT_SIGNED_IN',
  'SIGN_IN_REFUSED',
  'TOO_MANY_ATTEMPTS',
  'FORBIDDEN',
  'TOO_LARGE',
  'NOT_FOUND',
  'CONNECTION_LOST',
  'CONSOLE_NOT_BUILT',
  'UNSAFE_ADDRESS',
  'INTERNAL',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** Who said what: an endorsing peer, an orderer, a file. `message` is verbatim. */
export const problemSourceSchema = z.object({
  /** Of a node of this network its name; of another one its address. */
  name: z.string(),
  mspId: z.string().optional(),
  /** Name of the organization of a node of this network. */
  organization: z.string().optional(),
  address: z.string().optional(),
  message: z.string(),
});

/** A place in a channel's chain: decimal block number, and the position of the transaction in that block. */
const versionSchema = z.object({ blockNumber: z.string(), position: z.int() });

/** Who wrote what an invalidated transaction had read. */
export const readConflictSchema = z.object({
  /** `range`: the key lies in a range that was read. */
  kind: z.enum(['key', 'range']),
  namespace: z.string(),
  /** Of private data; `key` is then the SHA-256 of the key in hex. */
  collection: z.string().nullable(),
  /** As it stands in the block: composite keys are made with NUL characters. */
  key: z.string(),
  /** Where what was read had been written; null where the key did not exist then. */
  read: versionSchema.nullable(),
  /** The last transaction before it that wrote the key. */
  writer: versionSchema.extend({ transactionId: z.string() }),
});
export type ReadConflict = z.infer<typeof readConflictSchema>;

export const problemSchema = z.object({
  code: z.enum(problemCodes),
  /** What failed, in one sentence. */
  title: z.string(),
  /** Why. */
  detail: z.string(),
  /** What to do. */
  hint: z.string(),
  /** True where the same call may succeed later without any change by the caller. */
  retryable: z.boolean(),
  sources: z.array(problemSourceSchema),
  /** Present where a transaction id was already known when it failed. */
  transactionId: z.string().optional(),
  /** Name and number of the validation code of an invalidated transaction. */
  validation: z
    .object({
      status: z.string(),
      code: z.int(),
      blockNumber: z.string(),
      /** Present with MVCC_READ_CONFLICT and PHANTOM_READ_CONFLICT where it could be found. */
      conflict: readConflictSchema.optional(),
    })
    .optional(),
});

export type Problem = z.infer<typeof problemSchema>;
export type ProblemSource = z.infer<typeof problemSourceSchema>;

/** Answers travel as values: errors lose their class and fields on every transport. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };
