import type { NodeDetail } from '../../../electron/api/node-models';

/** Prefixes under which Fabric's programs take settings from their environment, and the file each stands for. */
const files: readonly (readonly [prefix: string, file: string])[] = [
  ['CORE_', 'core.yaml'],
  ['ORDERER_', 'orderer.yaml'],
];

type Tree = { [key: string]: Tree | string };

/**
 * A node's settings as its configuration file would say them: variables override the file key by key, and this console
 * sets all that matters by variables. Programs without such a file get their variables as they are.
 */
export function configurationOf({ environment }: NodeDetail): { text: string; format: string } {
  for (const [prefix, file] of files) {
    const entries = Object.entries(environment).filter(([name]) => name.startsWith(prefix));
    if (entries.length === 0) continue;
    const tree: Tree = {};
    for (const [name, value] of entries) put(tree, name.slice(prefix.length).toLowerCase().split('_'), value);
    return { text: yamlOf(tree).join('\n'), format: `what it overrides in ${file}` };
  }
  const text = Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
  return { text, format: 'its variables' };
}

function put(tree: Tree, [key = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const known = tree[key];
  const below: Tree = typeof known === 'object' ? known : {};
  tree[key] = below;
  put(below, rest, value);
}

function yamlOf(tree: Tree, depth = 0): string[] {
  const indent = '  '.repeat(depth);
  return Object.keys(tree)
    .sort()
    .flatMap((key) => {
      const value = tree[key] ?? '';
      return typeof value === 'string'
        ? [`${indent}${key}: ${scalar(value)}`]
        : [`${indent}${key}:`, ...yamlOf(value, depth + 1)];
    });
}

/** Quoted wherever YAML could take it for something else than this text. */
const scalar = (value: string): string =>
  /^(true|false|\d+(\.\d+)?|\d+(ms|s|m|h))$/.test(value) || /^[A-Za-z/][\w./@-]*(:\d+)?$/.test(value)
    ? value
    : JSON.stringify(value);
