import type { ValueSchema } from '../../../electron/api/contract-models';
import { formatDecimal, formatNumber } from '../../ui/format';
import { JsonTextError, parseJsonText } from './json-text';
import type { JsonNode } from './json-text';
import { isComposite } from './parameter-words';
import { patternWords } from './pattern-words';

/** Longer texts are not held against patterns of a contract here: the contract does it anyway. */
const LONGEST_MATCHED = 2_000;

export interface ValueFault {
  /** Of a value written as JSON, from one. */
  readonly line: number;
  /** What would be right, as a sentence. */
  readonly words: string;
}

/**
 * What is wrong with an argument as it will be sent, in words; undefined where nothing is. What can't be judged here is
 * left to the contract.
 */
export function faultOf(schema: ValueSchema, text: string): ValueFault | undefined {
  if (!isComposite(schema)) {
    const words = scalarFault(schema, text);
    return words === undefined ? undefined : { line: 1, words };
  }
  if (text.trim() === '') return { line: 1, words: `Needs ${kindWords(schema)} as JSON.` };
  try {
    return nodeFault(schema, parseJsonText(text), '');
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    return { line: error.line, words: `Line ${String(error.line)}: ${error.message}` };
  }
}

function scalarFault(schema: ValueSchema, text: string): string | undefined {
  if (schema.enum && !schema.enum.some((value) => String(value) === text)) {
    return `Needs one of ${schema.enum.join(', ')}.`;
  }
  if (isNumber(schema)) return numberFault(schema, text);
  if (schema.type !== 'boolean') return textFault(schema, text);
  return text === 'true' || text === 'false' ? undefined : 'Needs true or false.';
}

const isNumber = ({ type }: ValueSchema) => type === 'number' || type === 'integer';

const isWhole = ({ type, multipleOf }: ValueSchema) => type === 'integer' || multipleOf === 1;

function numberFault(schema: ValueSchema, text: string): string | undefined {
  const whole = isWhole(schema);
  const written = (whole ? /^-?\d+$/ : /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/).test(text);
  const value = Number(text);
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const fits =
    written &&
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum) &&
    (exclusiveMaximum === undefined || value < exclusiveMaximum);
  if (!fits) return `Needs ${kindWords(schema)}.`;
  if (
    multipleOf !== undefined &&
    multipleOf !== 1 &&
    Math.abs(value / multipleOf - Math.round(value / multipleOf)) > 1e-9
  ) {
    return `Needs a multiple of ${String(multipleOf)}.`;
  }
  return undefined;
}

function textFault({ pattern, minLength, maxLength }: ValueSchema, text: string): string | undefined {
  const length = [...text].length;
  if (maxLength !== undefined && length > maxLength) {
    return `At most ${formatNumber(maxLength)} characters; these are ${formatNumber(length)}.`;
  }
  if (minLength !== undefined && length < minLength) {
    return length === 0 ? 'Needs a value.' : `At least ${formatNumber(minLength)} characters.`;
  }
  if (pattern === undefined || length > LONGEST_MATCHED || matches(pattern, text)) return undefined;
  const words = patternWords(pattern);
  return words === undefined ? `Must match ${pattern}` : `Needs ${words}.`;
}

/** An expression that this language doesn't know is the contract's to judge. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return true;
  }
}

/** What a value has to be: `a whole number from 1 to 200`. */
export function kindWords(schema: ValueSchema): string {
  switch (schema.type) {
    case 'number':
    case 'integer':
      return `a ${isWhole(schema) ? 'whole ' : ''}number${rangeWords(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return schema.title ? `a ${schema.title}` : 'an object';
    case 'string':
    case undefined:
      return 'a text';
  }
}

const amount = (value: number) => (Number.isInteger(value) ? formatNumber(value) : formatDecimal(value, 2));

function rangeWords({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ValueSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${amount(minimum)} to ${amount(maximum)}`;
  if (minimum !== undefined) return ` of at least ${amount(minimum)}`;
  if (maximum !== undefined) return ` of at most ${amount(maximum)}`;
  if (exclusiveMinimum !== undefined) return ` above ${amount(exclusiveMinimum)}`;
  return exclusiveMaximum === undefined ? '' : ` below ${amount(exclusiveMaximum)}`;
}

/** The same for a value inside of a JSON text. `path` names it: `.lines[2].amount`. */
function nodeFault(schema: ValueSchema, node: JsonNode, path: string): ValueFault | undefined {
  const fault = (words: string, line = node.line): ValueFault => ({
    line,
    words: path === '' ? words : `${path.replace(/^\./, '')}: ${words}`,
  });
  if (schema.type === undefined) return undefined;
  if (schema.type === 'object') {
    return node.kind === 'object'
      ? objectFault(schema, node, path, fault)
      : fault(`Needs ${kindWords(schema)}.`);
  }
  if (schema.type === 'array') {
    return node.kind === 'array' ? arrayFault(schema, node, path, fault) : fault('Needs a list in [ ].');
  }
  return scalarNodeFault(schema, node, fault);
}

type Fault = (words: string, line?: number) => ValueFault;

function scalarNodeFault(schema: ValueSchema, node: JsonNode, fault: Fault): ValueFault | undefined {
  const text = scalarText(node);
  const wanted = isNumber(schema) ? 'number' : schema.type;
  if (text === undefined || node.kind !== wanted) return fault(`Needs ${kindWords(schema)}.`);
  const words = scalarFault(schema, text);
  return words === undefined ? undefined : fault(words);
}

export function scalarText(node: JsonNode): string | undefined {
  switch (node.kind) {
    case 'string':
      return node.value;
    case 'number':
      return node.raw;
    case 'boolean':
      return String(node.value);
    case 'object':
    case 'array':
    case 'null':
      return undefined;
  }
}

function objectFault(
  { properties = {}, required = [], additionalProperties }: ValueSchema,
  node: JsonNode & { kind: 'object' },
  path: string,
  fault: Fault,
): ValueFault | undefined {
  const missing = required.find((name) => !node.members.some((member) => member.name === name));
  if (missing !== undefined) return fault(`${missing} is missing.`);
  for (const { name, line, value } of node.members) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!property && additionalProperties === false) return fault(`There is no ${name} in it.`, line);
    const inner = property && nodeFault(property, value, `${path}.${name}`);
    if (inner) return inner;
  }
  return undefined;
}

function arrayFault(
  { items, minItems, maxItems }: ValueSchema,
  node: JsonNode & { kind: 'array' },
  path: string,
  fault: Fault,
): ValueFault | undefined {
  const count = node.items.length;
  if (minItems !== undefined && count < minItems)
    return fault(`At least ${formatNumber(minItems)} are needed.`);
  if (maxItems !== undefined && count > maxItems)
    return fault(`At most ${formatNumber(maxItems)} are taken.`);
  if (!items) return undefined;
  for (const [index, item] of node.items.entries()) {
    const inner = nodeFault(items, item, `${path}[${String(index)}]`);
    if (inner) return inner;
  }
  return undefined;
}
