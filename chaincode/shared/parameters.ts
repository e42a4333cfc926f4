import { MAX_AMOUNT_CENTS } from './money';

/** A parameter's JSON Schema as it stands in the contract's metadata: the rule and its publication are one. */
export type ParameterSchema =
  | {
      readonly type: 'string';
      readonly pattern?: string;
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly enum?: readonly string[];
    }
  | {
      readonly type: 'number';
      readonly minimum: number;
      readonly maximum: number;
      /** 1 for whole numbers. */
      readonly multipleOf?: 1;
    };

export interface Parameter {
  readonly description: string;
  readonly schema: ParameterSchema;
}

/** A function's parameters by name, in their order. */
export type Parameters = Readonly<Record<string, Parameter>>;

interface TransactionMetadata {
  name: string;
  description?: string;
  parameters?: { name: string; description: string; schema: ParameterSchema }[];
}

/**
 * Completes what fabric-contract-api's `@Transaction` found out about a function by what it cannot: what it
 * does, and for each parameter a description and the values it takes. Stands above `@Transaction`, because
 * decorators run from the bottom up. `fabric:transactions` is where fabric-contract-api keeps its metadata
 * (lib/annotations/transaction.js).
 */
export function Describe(description: string, parameters: Parameters): MethodDecorator {
  return (target, propertyKey) => {
    const transactions = Reflect.getMetadata('fabric:transactions', target) as
      TransactionMetadata[] | undefined;
    const transaction = transactions?.find(({ name }) => name === propertyKey);
    if (transaction === undefined)
      throw new Error(`@Describe must stand above @Transaction on ${String(propertyKey)}`);
    transaction.description = description;
    transaction.parameters = Object.entries(parameters).map(([name, parameter]) => ({
      name,
      description: parameter.description,
      schema: parameter.schema,
    }));
  };
}

/** An identifier chosen by the client: up to 64 letters, digits and . _ - @, starting with a letter or digit. */
export const id = (description: string): Parameter => ({
  description,
  schema: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]*$', maxLength: 64 },
});

/** A short name such as a zone's: up to 32 letters, digits and . _ -. */
export const label = (description: string): Parameter => ({
  description,
  schema: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 32 },
});

/** As `label`, where an empty text stands for all. */
export const labelOrAll = (description: string): Parameter => ({
  description,
  schema: { type: 'string', pattern: '^([A-Za-z0-9][A-Za-z0-9._-]*)?$', maxLength: 32 },
});

/** Text for people: up to 200 characters without control characters, no blanks at its ends. */
export const text = (description: string): Parameter => ({
  description,
  schema: {
    type: 'string',
    pattern:
      '^[^\\s\\u0000-\\u001f\\u007f\\ufffd]([^\\u0000-\\u001f\\u007f\\ufffd]*[^\\s\\u0000-\\u001f\\u007f\\ufffd])?$',
    maxLength: 200,
  },
});

/** A moment, ISO 8601 UTC. */
export const time = (description: string): Parameter => ({
  description: `${description} (ISO 8601 UTC, for example 2026-11-22T08:45:00Z)`,
  schema: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$' },
});

export const oneOf = (description: string, values: readonly string[]): Parameter => ({
  description,
  schema: { type: 'string', enum: values },
});

export const wholeNumber = (description: string, minimum: number, maximum: number): Parameter => ({
  description,
  schema: { type: 'number', minimum, maximum, multipleOf: 1 },
});

export const decimal = (description: string, minimum: number, maximum: number): Parameter => ({
  description,
  schema: { type: 'number', minimum, maximum },
});

/** An amount of money, at least one cent. */
export const cents = (description: string): Parameter =>
  wholeNumber(`${description}, in cents`, 1, MAX_AMOUNT_CENTS);

/** The two parameters of every list. */
export const paging: Parameters = {
  pageSize: wholeNumber('How many records to return at most', 1, 200),
  bookmark: {
    description: 'Empty for the first page, then the bookmark of the page before',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]*$', maxLength: 1024 },
  },
};
