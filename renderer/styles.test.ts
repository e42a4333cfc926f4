import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/**
 * Stylesheets stay once their view has been seen: a class that one folder styles, and another uses for something else,
 * looks right only until both have been visited.
 */
const files = (ending: RegExp): string[] =>
  readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (name) => ending.test(name) && !/(^|\/)(e2e|testing)\/|\.test\./.test(name),
  );

const read = (name: string) => readFileSync(path.join(import.meta.dirname, name), 'utf8');

/** `features/network` of `features/network/network.css`, `ui` of `ui/table.tsx`. */
const folderOf = (name: string) => /^features\/[^/]+|^[^/]+/.exec(name)?.[0] ?? name;

/** Classes that begin a selector, by the folder that styles them: `.lane > h2` styles `lane` wherever it is. */
function styled(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of files(/\.css$/)) {
    const text = read(file).replaceAll(/\/\*[^]*?\*\//g, '');
    for (const [, selectors = ''] of text.matchAll(/([^{}]+)\{/g)) {
      for (const selector of selectors.split(',')) {
        const name = /^\s*\.([a-z][\w-]*)(?=[\s>+~:[]|$)/.exec(selector)?.[1];
        if (name !== undefined) found.set(name, (found.get(name) ?? new Set()).add(folderOf(file)));
      }
    }
  }
  return found;
}

/** Classes that elements are given, by folder. */
function used(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of files(/\.tsx$/)) {
    for (const [, plain, code = ''] of read(file).matchAll(
      /\bclass(?:Name)?=(?:"([^"]*)"|\{((?:[^{}]|\{[^{}]*\})*)\})/g,
    )) {
      const texts = plain ?? [...code.matchAll(/'([^']*)'|`([^`]*)`/g)].map((m) => m[1] ?? m[2]).join(' ');
      for (const name of texts.replaceAll(/\$\{[^}]*\}/g, ' ').split(/\s+/)) {
        found.set(name, (found.get(name) ?? new Set()).add(folderOf(file)));
      }
    }
  }
  return found;
}

/** What any view may use. */
const shared = new Set(['ui', 'frame', 'charts', 'logs', 'network']);

test('no feature’s stylesheet reaches into another', () => {
  const places = used();
  const astray = [...styled()].flatMap(([name, folders]) => {
    const owners = [...folders].filter((folder) => !shared.has(folder));
    const users = [...(places.get(name) ?? [])];
    return owners.flatMap((owner) =>
      users
        .filter((user) => user !== owner && !folders.has('ui'))
        .map((user) => `${owner} styles .${name}, which ${user} uses`),
    );
  });
  expect(astray).toEqual([]);
});
