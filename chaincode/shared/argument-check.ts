import { ContractError } from './errors';
import type { ParameterSchema } from './parameters';

/** A function as it stands in the metadata. */
export interface FunctionMetadata {
  readonly name: string;
  readonly parameters?: readonly { readonly name: string; readonly schema: ParameterSchema }[];
}

/**
 * Holds a call's arguments against the function's metadata before fabric-shim does, whose own refusals carry
 * neither a code nor the parameter's name.
 *
 * @throws ContractError INVALID_ARGUMENT
 */
export function checkArguments(called: FunctionMetadata, values: readonly string[]): void {
  const parameters = called.parameters ?? [];
  if (parameters.length !== values.length) {
    const names = parameters.map(({ name }) => name).join(', ');
    throw invalid(`${called.name}(${names}) takes ${parameters.length} arguments, got ${values.length}`);
  }
  parameters.forEach(({ name, schema }, index) => checkArgument(name, schema, values[index] ?? ''));
}

function checkArgument(name: string, schema: ParameterSchema, value: string): void {
  if (schema.type === 'number') checkNumber(name, schema, value);
  else checkText(name, schema, value);
}

function checkNumber(
  name: string,
  schema: Extract<ParameterSchema, { type: 'number' }>,
  value: string,
): void {
  const whole = schema.multipleOf === 1;
  const number = (whole ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/).test(value) ? Number(value) : NaN;
  if (!(number >= schema.minimum && number <= schema.maximum)) {
    throw invalid(
      `${name} must be a ${whole ? 'whole ' : ''}number from ${schema.minimum} to ${schema.maximum}, got "${excerpt(value)}"`,
    );
  }
}

function checkText(name: string, schema: Extract<ParameterSchema, { type: 'string' }>, value: string): void {
  const length = [...value].length;
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    throw invalid(`${name} must be one of ${schema.enum.join(', ')}, got "${excerpt(value)}"`);
  }
  if (length > (schema.maxLength ?? Infinity) || length < (schema.minLength ?? 0)) {
    throw invalid(`${name} must have at most ${schema.maxLength} characters, got ${length}`);
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
    throw invalid(`${name} must match ${schema.pattern}, got "${excerpt(value)}"`);
  }
}

const invalid = (detail: string): ContractError => new ContractError('INVALID_ARGUMENT', detail);

const excerpt = (value: string): string => (value.length > 80 ? `${value.slice(0, 80)}…` : value);
