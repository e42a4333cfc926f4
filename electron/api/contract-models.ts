import { z } from 'zod';

/**
 * The part of JSON Schema that contracts use for what their functions take and return, the same whatever language the
 * contract is written in. References are resolved; one that refers to itself ends as an object with its `title`.
 */
export const valueSchema = z.object({
  /** Absent: any JSON value. */
  type: z.enum(['string', 'number', 'integer', 'boolean', 'array', 'object']).optional(),
  /** The contract's own name for the type. */
  title: z.string().optional(),
  description: z.string().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  enum: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  multipleOf: z.number().optional(),
  /** In characters. */
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
  get items() {
    return valueSchema.optional();
  },
  get properties() {
    return z.record(z.string(), valueSchema).optional();
  },
  /** Properties that must be there. */
  required: z.array(z.string()).optional(),
  /** False: no other properties than those named. */
  additionalProperties: z.boolean().optional(),
});
export type ValueSchema = z.infer<typeof valueSchema>;

export const contractParameterSchema = z.object({
  /** Of the contract's own; `param0`, `param1`, … where its language loses names (Go). */
  name: z.string(),
  /** `type` or `title` of the schema, for lists. */
  type: z.string(),
  description: z.string().optional(),
  schema: valueSchema,
});
export type ContractParameter = z.infer<typeof contractParameterSchema>;

export const contractFunctionSchema = z.object({
  name: z.string(),
  /** What to call: the name, or `Contract:name` where a chaincode has several contracts. */
  call: z.string(),
  /** `evaluate` where the contract says that it only reads. Contracts without such a word count as `submit`. */
  kind: z.enum(['submit', 'evaluate']),
  description: z.string().optional(),
  /** In their order; null where the contract does not say which there are. */
  parameters: z.array(contractParameterSchema).nullable(),
  /** Null where the contract does not say. */
  returns: valueSchema.nullable(),
});
export type ContractFunction = z.infer<typeof contractFunctionSchema>;

/** Who has to endorse, and whether they can now. */
export const contractEndorsementSchema = z.object({
  contract: z.string(),
  channel: z.string(),
  /** The committed policy, in Fabric's policy language. */
  policy: z.string(),
  /** Members of the channel; `running` of their `peers` are up. */
  organizations: z.array(z.object({ name: z.string(), mspId: z.string(), peers: z.int(), running: z.int() })),
  /** MSP ids that satisfy the policy together and not without each of them, fewest first; at most 64 sets. */
  sufficient: z.array(z.array(z.string())),
  /** Peers that are up, and the contract's process, suffice. */
  canBeMet: z.boolean(),
  /** Why it can't be met, in words; null where it can. */
  reason: z.string().nullable(),
});
export type ContractEndorsement = z.infer<typeof contractEndorsementSchema>;
