import { z } from 'zod';
import { decimal, endorsementSchema, transactionLineSchema } from './models';
import { readConflictSchema } from './problems';

/** What blocks hold, as they hold it. 64-bit numbers are decimal strings, hashes and signatures hex. */
const hex = z.string().regex(/^([0-9a-f]{2})*$/);

/**
 * Bytes of an argument, a value or a payload. `size` in bytes; where `isWhole` is false, `text` or `hex` is the
 * beginning, and `ledger.part` answers the rest under `part`. JSON is text as it stands: its numbers keep their digits.
 */
export const contentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty') }),
  z.object({
    kind: z.enum(['text', 'json']),
    text: z.string(),
    size: z.int(),
    isWhole: z.boolean(),
    part: z.string(),
  }),
  z.object({ kind: z.literal('bytes'), hex, size: z.int(), isWhole: z.boolean(), part: z.string() }),
]);
export type LedgerContent = z.infer<typeof contentSchema>;

/** Who a serialized identity says it is; nothing of it is verified here. Null: its certificate does not say, or can't be read. */
export const ledgerIdentitySchema = z.object({
  mspId: z.string(),
  role: z.string().nullable(),
  commonName: z.string().nullable(),
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  /** Hex. */
  serialNumber: z.string().nullable(),
  notBefore: z.string().nullable(),
  notAfter: z.string().nullable(),
  pem: z.string().nullable(),
  /** Why there is no certificate. */
  problem: z.string().nullable(),
});
export type LedgerIdentity = z.infer<typeof ledgerIdentitySchema>;

/** A signature with who made it. */
const signedSchema = z.object({ signer: ledgerIdentitySchema, nonce: hex, signature: hex });

/** Bytes that hold no message of the kind that belongs there. */
const undecodableSchema = z.object({ what: z.string(), reason: z.string(), bytes: contentSchema });

/** Where a value was written: block number and position of the transaction in it. */
export const versionSchema = z.object({ block: decimal, position: z.int() });
export type LedgerVersion = z.infer<typeof versionSchema>;

/** `words`: what a key of `_lifecycle` stands for. `version`: null where the key did not exist. */
const readSchema = z.object({
  key: z.string(),
  words: z.string().nullable(),
  version: versionSchema.nullable(),
});
export type LedgerRead = z.infer<typeof readSchema>;

const rangeQuerySchema = z.object({
  startKey: z.string(),
  endKey: z.string(),
  exhausted: z.boolean(),
  /** Null where only hashes of what was read are kept. */
  reads: z.array(readSchema).nullable(),
  merkle: z.object({ maxDegree: z.int(), maxLevel: z.int(), hashes: z.array(hex) }).nullable(),
});

/** What a key held when the transaction was endorsed, read from the block that its read names. */
const beforeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('absent') }),
  z.object({ kind: z.literal('value'), version: versionSchema, value: contentSchema }),
  /** It was written without being read, or the block that wrote it is not there. */
  z.object({ kind: z.literal('unknown'), reason: z.string() }),
]);
export type ValueBefore = z.infer<typeof beforeSchema>;

const writeSchema = z.object({
  key: z.string(),
  words: z.string().nullable(),
  isDelete: z.boolean(),
  value: contentSchema,
  valueWords: z.string().nullable(),
  before: beforeSchema,
});
export type LedgerWrite = z.infer<typeof writeSchema>;

const metadataEntrySchema = z.object({ name: z.string(), value: contentSchema });
/** No entries: the metadata is deleted. */
const metadataWriteSchema = z.object({ key: z.string(), entries: z.array(metadataEntrySchema) });

/** Private data: blocks hold hashes. `key`: where it is known what the hash stands for. */
const hashedReadSchema = z.object({
  keyHash: hex,
  key: z.string().nullable(),
  version: versionSchema.nullable(),
});
const hashedWriteSchema = z.object({
  keyHash: hex,
  key: z.string().nullable(),
  kind: z.enum(['write', 'delete', 'purge']),
  valueHash: hex,
});

const collectionSchema = z.object({
  name: z.string(),
  /** SHA-256 of the private writes; empty where there are none. */
  privateHash: hex,
  reads: z.array(hashedReadSchema),
  writes: z.array(hashedWriteSchema),
  metadataWrites: z.array(z.object({ keyHash: hex, entries: z.array(metadataEntrySchema) })),
});
export type LedgerCollection = z.infer<typeof collectionSchema>;

const namespaceSchema = z.object({
  name: z.string(),
  reads: z.array(readSchema),
  rangeQueries: z.array(rangeQuerySchema),
  writes: z.array(writeSchema),
  metadataWrites: z.array(metadataWriteSchema),
  collections: z.array(collectionSchema),
});
export type LedgerNamespace = z.infer<typeof namespaceSchema>;

export const ledgerActionSchema = z.object({
  contract: z.object({ name: z.string(), version: z.string(), path: z.string() }).nullable(),
  isInit: z.boolean(),
  /** The function comes first. */
  args: z.array(contentSchema),
  decorations: z.array(z.object({ name: z.string(), value: contentSchema })),
  response: z.object({ status: z.int(), message: z.string(), payload: contentSchema }).nullable(),
  proposalHash: hex.nullable(),
  namespaces: z.array(namespaceSchema),
  event: z.object({ name: z.string(), contract: z.string(), payload: contentSchema }).nullable(),
  endorsements: z.array(z.object({ endorser: ledgerIdentitySchema, signature: hex })),
  /** What it does to a contract's definition, in one sentence. */
  lifecycle: z.string().nullable(),
});
export type LedgerActionModel = z.infer<typeof ledgerActionSchema>;

const configurationSchema = z.object({
  /** Null in an update: it is not in force. */
  sequence: decimal.nullable(),
  /**
   * `first`: block 0, nothing was before. `previous`: held against the configuration before. `update`: what the update
   * in it says, as the configuration before could not be read.
   */
  comparedWith: z.enum(['first', 'previous', 'update']),
  changes: z.array(
    z.object({
      path: z.array(z.string()),
      kind: z.enum(['added', 'removed', 'changed']),
      /** Null: nothing was there, or it is not told. */
      before: contentSchema.nullable(),
      after: contentSchema.nullable(),
    }),
  ),
  /** Who agreed to it. */
  signatures: z.array(signedSchema),
});
export type LedgerConfiguration = z.infer<typeof configurationSchema>;

export const ledgerTransactionSchema = z.object({
  channel: z.string(),
  blockNumber: decimal,
  position: z.int(),
  /** As the client claims it; null where it claims none, as configurations may. */
  transactionId: z.string().nullable(),
  /** Validation code by name and number. */
  status: z.string(),
  code: z.int(),
  /** Name of the header type; null where the header can't be read. */
  type: z.string().nullable(),
  /** RFC 3339 to the nanosecond. */
  claimedTime: z.string().nullable(),
  creator: ledgerIdentitySchema.nullable(),
  nonce: hex.nullable(),
  signature: hex.nullable(),
  /** In bytes, the whole envelope. */
  size: z.int(),
  /** The contract in the header. */
  contract: z.string().nullable(),
  /** Of its first action; null where nobody endorses. */
  endorsement: endorsementSchema.nullable(),
  actions: z.array(ledgerActionSchema),
  configuration: configurationSchema.nullable(),
  /** Null where it is valid. */
  explanation: z
    .object({
      title: z.string(),
      detail: z.string(),
      hint: z.string(),
      conflict: readConflictSchema.nullable(),
    })
    .nullable(),
  undecodable: z.array(undecodableSchema),
  /** Fields that this console does not know, with their tags. */
  unknownFields: z.array(z.object({ path: z.string(), bytes: contentSchema })),
  /** The peer whose ledger this was read from. */
  readFrom: z.string(),
});
export type LedgerTransactionModel = z.infer<typeof ledgerTransactionSchema>;

export const ledgerBlockSchema = z.object({
  channel: z.string(),
  number: decimal,
  headerHash: hex,
  previousHash: hex,
  dataHash: hex,
  /** Null in block 0. */
  commitHash: hex.nullable(),
  /** In bytes, as the peer sent it. */
  size: z.int(),
  /** Number of the configuration block in force; null where orderers signed none, as in block 0. */
  lastConfiguration: decimal.nullable(),
  consenterMetadata: contentSchema,
  ordererSignatures: z.array(signedSchema),
  transactions: z.array(transactionLineSchema),
  undecodable: z.array(undecodableSchema),
  /** Of the channel, on the peer it was read from. */
  height: decimal,
  readFrom: z.string(),
});
export type LedgerBlockModel = z.infer<typeof ledgerBlockSchema>;

/** By id, or by its place: configurations may have no id, and an invalid transaction may repeat another's. */
export const transactionPlaceSchema = z.union([
  z.strictObject({ channel: z.string(), transactionId: z.string() }),
  z.strictObject({ channel: z.string(), block: decimal, position: z.int().min(0) }),
]);
export type TransactionPlace = z.infer<typeof transactionPlaceSchema>;

/**
 * `part`: as a content names it, `envelope` for all bytes of the transaction, or `json` for the envelope with Fabric's
 * own field names. `offset`: bytes to leave out; an answer holds at most PART_BYTES.
 */
export const ledgerPartRequestSchema = z.strictObject({
  channel: z.string(),
  block: decimal,
  position: z.int().min(0),
  part: z.string(),
  offset: z.int().min(0),
});
export type LedgerPartRequest = z.infer<typeof ledgerPartRequestSchema>;
export const PART_BYTES = 1_000_000;
/** `size`: of the whole part, in bytes. */
export const ledgerPartSchema = z.object({ size: z.int(), base64: z.string() });
export type LedgerPart = z.infer<typeof ledgerPartSchema>;
