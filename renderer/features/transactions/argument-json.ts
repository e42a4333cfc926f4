import type { ContractParameter } from '../../../electron/api/contract-models';
import { compactJson, JsonTextError, parseJsonText } from './json-text';
import type { JsonNode } from './json-text';
import { isComposite } from './parameter-words';
import { faultOf, kindWords, scalarText } from './value-check';

export interface LineFault {
  readonly line: number;
  readonly words: string;
}

/** What a JSON text says: the arguments as they will be sent, where it is whole; faults by line. */
export interface ReadArguments {
  readonly args: readonly string[] | undefined;
  readonly faults: readonly LineFault[];
}

/** Arguments by their names; a list where the contract does not name them. */
export function argumentsToJson(
  parameters: readonly ContractParameter[] | null,
  args: readonly string[],
): string {
  if (parameters === null)
    return listOf(
      args.map((arg) => JSON.stringify(arg)),
      '[',
      ']',
    );
  const members = parameters.map(
    (parameter, index) => `${JSON.stringify(parameter.name)}: ${valueJson(parameter, args[index] ?? '')}`,
  );
  return listOf(members, '{', '}');
}

const listOf = (lines: readonly string[], open: string, close: string) =>
  lines.length === 0 ? open + close : `${open}\n${lines.map((line) => `  ${line}`).join(',\n')}\n${close}`;

function valueJson({ schema }: ContractParameter, text: string): string {
  const wanted: readonly JsonNode['kind'][] = isComposite(schema)
    ? ['object', 'array']
    : schema.type === 'number' || schema.type === 'integer'
      ? ['number']
      : schema.type === 'boolean'
        ? ['boolean']
        : [];
  if (wanted.length === 0) return JSON.stringify(text);
  const node = parsedOrUndefined(text);
  if (!node || !wanted.includes(node.kind)) return JSON.stringify(text);
  if (node.kind !== 'object' && node.kind !== 'array') return text.trim();
  return JSON.stringify(JSON.parse(text), undefined, 2).replaceAll('\n', '\n  ');
}

function parsedOrUndefined(text: string): JsonNode | undefined {
  try {
    return parseJsonText(text);
  } catch {
    return undefined;
  }
}

export function argumentsFromJson(
  parameters: readonly ContractParameter[] | null,
  text: string,
): ReadArguments {
  let root: JsonNode;
  try {
    root = parseJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    return { args: undefined, faults: [{ line: error.line, words: error.message }] };
  }
  return parameters === null ? fromList(root) : fromObject(parameters, root, text);
}

function fromList(root: JsonNode): ReadArguments {
  if (root.kind !== 'array')
    return fault(root.line, 'Arguments without names stand in a list: ["first", "second"].');
  const faults = root.items.flatMap((item) =>
    item.kind === 'null' ? [{ line: item.line, words: 'An argument is a text; "" is an empty one.' }] : [],
  );
  return faults.length > 0
    ? { args: undefined, faults }
    : { args: root.items.map((item) => scalarText(item) ?? compactJson(item)), faults };
}

function fromObject(parameters: readonly ContractParameter[], root: JsonNode, text: string): ReadArguments {
  const names = parameters.map(({ name }) => name);
  if (root.kind !== 'object')
    return fault(root.line, `Arguments stand by their names in { }: ${names.join(', ')}.`);
  const faults: LineFault[] = root.members
    .filter(({ name }) => !names.includes(name))
    .map(({ name, line }) => ({
      line,
      words:
        names.length === 0
          ? 'It takes no arguments.'
          : `There is no argument ${name}. There are: ${names.join(', ')}.`,
    }));
  const whole = faults.length === 0;
  const args = parameters.map((parameter): string | undefined => {
    const member = root.members.find(({ name }) => name === parameter.name);
    if (!member) {
      faults.push({ line: text.split('\n').length, words: `${parameter.name} is missing.` });
      return undefined;
    }
    const { sent, words } = sentText(parameter, member.value);
    const wrong = words ?? (sent === undefined ? undefined : faultOf(parameter.schema, sent)?.words);
    if (wrong !== undefined) faults.push({ line: member.value.line, words: `${parameter.name}: ${wrong}` });
    return sent;
  });
  const complete = args.every((arg) => arg !== undefined);
  return { args: whole && complete ? args : undefined, faults };
}

/** What of a value goes to the contract. A number may stand in quotes; a text may not stand without. */
function sentText(
  { schema }: ContractParameter,
  node: JsonNode,
): { readonly sent?: string; readonly words?: string } {
  if (isComposite(schema)) {
    return node.kind === 'string' ? { sent: node.value } : { sent: compactJson(node) };
  }
  const text = scalarText(node);
  if (text === undefined) return { words: `Needs ${kindWords(schema)}.` };
  if ((schema.type ?? 'string') === 'string' && node.kind !== 'string' && !schema.enum) {
    return { words: `Needs a text in double quotes: "${text}".` };
  }
  return { sent: text };
}

const fault = (line: number, words: string): ReadArguments => ({
  args: undefined,
  faults: [{ line, words }],
});
