import { z } from 'zod';
import type { FieldPath } from './positions';

/** A wrong field, before its position in the file is looked up. */
export interface FieldFinding {
  readonly path: FieldPath;
  readonly expected: string;
  readonly found: string;
  /** The field's name is wrong, not its value. */
  readonly atKey?: boolean;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  // Every number of the schema is a whole one.
  int: 'a whole number',
  number: 'a whole number',
  string: 'a text',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
  boolean: 'true or false',
};

/** Turns what zod says of `data` into fields with what was expected and what was found. */
export function schemaFindings(
  schema: z.ZodType,
  data: unknown,
  issues: readonly z.core.$ZodIssue[],
): FieldFinding[] {
  return issues.flatMap((issue): FieldFinding[] => {
    const found = describe(valueAt(data, issue.path));
    switch (issue.code) {
      case 'invalid_type':
        return [{ path: issue.path, expected: TYPE_NAMES[issue.expected] ?? issue.expected, found }];
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({
          path: [...issue.path, key],
          expected: `one of the fields ${fieldsAt(schema, data, issue.path).join(', ')}`,
          found: `the unknown field "${key}"`,
          atKey: true,
        }));
      case 'invalid_union':
        return [{ path: issue.path, expected: unionOptions(issue), found }];
      case 'invalid_value':
        return [
          {
            path: issue.path,
            expected: issue.values.map((value) => JSON.stringify(value)).join(' or '),
            found,
          },
        ];
      case 'invalid_key':
        return [
          {
            path: issue.path,
            expected: issue.issues.map((inner) => inner.message).join(' and '),
            found: describe(issue.path.at(-1)),
            atKey: true,
          },
        ];
      case 'too_small':
      case 'too_big':
        return [{ path: issue.path, expected: limit(issue), found }];
      case 'invalid_format':
      case 'not_multiple_of':
      case 'invalid_element':
      case 'custom':
        return [{ path: issue.path, expected: issue.message, found }];
    }
  });
}

/** A value as it is shown in a finding. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a group of fields';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `"${value}"`;
  return JSON.stringify(value);
}

function limit(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (!issue.message.startsWith('Too ')) return issue.message;
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  if (issue.origin === 'array') return `a list of ${bound}`;
  return issue.origin === 'string' ? `a text of ${bound} characters` : bound;
}

function unionOptions(issue: z.core.$ZodIssueInvalidUnion): string {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
  return options.length > 0 ? options.map(String).join(' or ') : issue.message;
}

function valueAt(data: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    data,
  );
}

/** Names of the fields the schema knows at a path, so that a typo is answered with the right names. */
function fieldsAt(schema: z.ZodType, data: unknown, path: FieldPath): string[] {
  const narrowed = narrow(schema, data);
  const [key, ...rest] = path;
  if (key === undefined) return narrowed instanceof z.ZodObject ? Object.keys(narrowed.shape) : [];
  const inner =
    narrowed instanceof z.ZodArray
      ? narrowed.element
      : narrowed instanceof z.ZodObject
        ? (narrowed.shape as Record<PropertyKey, unknown>)[key]
        : undefined;
  return inner instanceof z.ZodType ? fieldsAt(inner, valueAt(data, [key]), rest) : [];
}

/** Strips defaults, and picks the member of a discriminated union that the data names. */
function narrow(schema: z.ZodType, data: unknown): unknown {
  if (schema instanceof z.ZodDefault) {
    const inner = schema.unwrap();
    return inner instanceof z.ZodType ? narrow(inner, data) : inner;
  }
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const { discriminator } = schema.def;
  return schema.options.find((option) => {
    const literal: unknown =
      option instanceof z.ZodObject ? (option.shape as Record<string, unknown>)[discriminator] : undefined;
    return literal instanceof z.ZodLiteral && literal.values.has(valueAt(data, [discriminator]) as never);
  });
}
