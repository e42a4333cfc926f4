import { z } from 'zod';
import type { ContractFunction, ContractParameter, ValueSchema } from '../../api/contract-models';

/** Every chaincode made with a contract API has this one beside its own. */
const SYSTEM_CONTRACT = 'org.hyperledger.fabric';
/** References are followed this deep; what lies deeper is shown by its name. */
const DEEPEST = 6;
const REFERENCE = /^(?:#\/components\/schemas\/)?([^/]+?)(?:#)?$/;

const record = z.record(z.string(), z.unknown());
const tags = z.array(z.string()).nullish();
const transactionSchema = z.object({
  name: z.string(),
  description: z.string().nullish(),
  tag: tags,
  tags,
  parameters: z
    .array(z.object({ name: z.string(), description: z.string().nullish(), schema: z.unknown().optional() }))
    .nullish(),
  returns: z.unknown().optional(),
});
const metadataSchema = z.object({
  contracts: z.record(z.string(), z.object({ transactions: z.array(transactionSchema).nullish() })),
  components: z.object({ schemas: record.nullish() }).nullish(),
});

/**
 * The functions that a contract's metadata describes, whatever language it is written in: `tag` or `tags`, EVALUATE or
 * QUERY, returns with or without a name (fabric-contract-api of Node, Go and Java).
 * @returns undefined where it isn't metadata
 */
export function functionsOf(metadata: unknown): ContractFunction[] | undefined {
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) return undefined;
  const components = parsed.data.components?.schemas ?? {};
  const contracts = Object.entries(parsed.data.contracts).filter(([name]) => name !== SYSTEM_CONTRACT);
  return contracts.flatMap(([contract, { transactions }]) =>
    (transactions ?? []).map((transaction): ContractFunction => {
      const { name, description, parameters } = transaction;
      const returned = returnedSchema(transaction.returns);
      return {
        name,
        call: contracts.length > 1 ? `${contract}:${name}` : name,
        kind: kindOf([...(transaction.tag ?? []), ...(transaction.tags ?? [])], transaction.tag),
        ...(description && { description }),
        parameters: parameters ? parameters.map((one) => parameterOf(one, components)) : null,
        returns: returned === undefined ? null : schemaOf(returned, components),
      };
    }),
  );
}

/** Older Node contracts mark what only reads by an empty list; a function without any mark may write. */
function kindOf(
  marks: readonly string[],
  nodeMarks: readonly string[] | null | undefined,
): ContractFunction['kind'] {
  const upper = marks.map((mark) => mark.toUpperCase());
  if (upper.includes('EVALUATE') || upper.includes('QUERY')) return 'evaluate';
  return upper.length === 0 && nodeMarks ? 'evaluate' : 'submit';
}

function parameterOf(
  parameter: { name: string; description?: string | null | undefined; schema?: unknown },
  components: Record<string, unknown>,
): ContractParameter {
  const schema = schemaOf(parameter.schema, components);
  const description = parameter.description ?? schema.description;
  return {
    name: parameter.name,
    type: schema.title ?? schema.type ?? 'string',
    ...(description && { description }),
    schema,
  };
}

/** Bare, under `schema`, or the entry named `success` of a list. */
function returnedSchema(returns: unknown): unknown {
  if (Array.isArray(returns)) {
    const entries = z.array(record).safeParse(returns).data ?? [];
    return returnedSchema(entries.find((entry) => entry['name'] === 'success') ?? entries[0]);
  }
  const bare = record.safeParse(returns).data;
  if (!bare) return undefined;
  return 'schema' in bare ? bare['schema'] : bare;
}

const types = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const;

/** A field that is not of its form is left out: the contract has the last word anyway. */
const field = <T extends z.ZodType>(form: T) => form.optional().catch(undefined);
const plainSchema = z.object({
  type: field(z.preprocess((value) => (Array.isArray(value) ? typeOf(value) : value), z.enum(types))),
  title: field(z.string()),
  description: field(z.string()),
  format: field(z.string()),
  pattern: field(z.string()),
  enum: field(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  minimum: field(z.number()),
  maximum: field(z.number()),
  exclusiveMinimum: field(z.number()),
  exclusiveMaximum: field(z.number()),
  multipleOf: field(z.number()),
  minLength: field(z.int()),
  maxLength: field(z.int()),
  minItems: field(z.int()),
  maxItems: field(z.int()),
  required: field(z.array(z.string())),
  additionalProperties: field(z.boolean()),
});

/** Of several types the first that isn't null. */
const typeOf = (several: readonly unknown[]): unknown => several.find((type) => type !== 'null');

function schemaOf(
  value: unknown,
  components: Record<string, unknown>,
  above: readonly string[] = [],
): ValueSchema {
  const raw = record.safeParse(value).data ?? {};
  const reference = typeof raw['$ref'] === 'string' ? REFERENCE.exec(raw['$ref'])?.[1] : undefined;
  if (reference !== undefined) {
    const target = components[reference];
    if (target === undefined || above.includes(reference) || above.length >= DEEPEST) {
      return { type: 'object', title: reference };
    }
    return { ...schemaOf(target, components, [...above, reference]), title: reference };
  }
  const plain = plainSchema.parse(raw);
  const properties = record.safeParse(raw['properties']).data;
  const nested = (inner: unknown) => schemaOf(inner, components, above);
  return {
    ...Object.fromEntries(Object.entries(plain).filter(([, given]) => given !== undefined)),
    ...(raw['items'] !== undefined && { items: nested(raw['items']) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, nested(property)]),
      ),
    }),
  };
}
