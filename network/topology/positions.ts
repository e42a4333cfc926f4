import { isMap, isPair, isScalar, isSeq, type Document, type LineCounter, type Node } from 'yaml';

/** Path of a field from the root: keys of maps, indexes of lists. */
export type FieldPath = readonly PropertyKey[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where fields stand in a parsed YAML file. */
export class Positions {
  constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  /** Position of a field's value; of its nearest existing ancestor where it is missing. */
  ofValue(path: FieldPath): Position {
    let node: unknown = this.document.contents;
    let known = node;
    for (const key of path) {
      node = child(node, key)?.value;
      if (node === undefined || node === null) break;
      known = node;
    }
    return this.at(known);
  }

  /** Position of a field's name, for fields that should not be there. */
  ofKey(path: FieldPath): Position {
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((node, key) => child(node, key)?.value, this.document.contents);
    const key = path.at(-1);
    const found = key === undefined ? undefined : child(parent, key);
    return found === undefined ? this.ofValue(path) : this.at(found.key ?? found.value);
  }

  private at(node: unknown): Position {
    const offset = isYamlNode(node) ? (node.range?.[0] ?? 0) : 0;
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

/** `organizations[1].ports.grpc`, as it stands in findings. */
export function formatPath(path: FieldPath): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );
}

function child(node: unknown, key: PropertyKey): { key?: unknown; value: unknown } | undefined {
  if (isSeq(node) && typeof key === 'number') return { value: node.items[key] };
  if (!isMap(node)) return undefined;
  const pair = node.items.find(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
  );
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}

function isYamlNode(node: unknown): node is Node {
  return typeof node === 'object' && node !== null && 'range' in node;
}
