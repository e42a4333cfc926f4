import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ExpositionError, parseExposition } from './exposition';

const genuine = (node: string) =>
  readFileSync(path.join(import.meta.dirname, 'fixtures', `genuine-${node}.prom`), 'utf8');

test.each(['peer', 'orderer'])('every sample of a genuine %s is read', (node) => {
  const page = genuine(node);
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const samples = parseExposition(page);
  expect(samples).toHaveLength(lines.length);
  expect(samples.every(({ value }) => Number.isFinite(value))).toBe(true);
});

test('labels and values are those of the page', () => {
  const samples = parseExposition(genuine('peer'), (name) => name === 'ledger_transaction_count');
  expect(samples).toContainEqual({
    name: 'ledger_transaction_count',
    labels: {
      chaincode: 'demo:1.0',
      channel: 'parking-channel',
      transaction_type: 'ENDORSER_TRANSACTION',
      validation_code: 'VALID',
    },
    value: 2601,
  });
  expect(new Set(samples.map(({ name }) => name))).toEqual(new Set(['ledger_transaction_count']));
});

test('escapes, timestamps, infinities and blanks are those of the format', () => {
  const page = [
    '# TYPE a counter',
    'a{path="C:\\\\x",said="\\"no\\"\\n",} 1e3 1395066363000',
    '',
    'b +Inf',
    'c{ x = "" , y="}" } -Inf',
    'd NaN',
    '  ',
  ].join('\n');
  expect(parseExposition(page)).toEqual([
    { name: 'a', labels: { path: 'C:\\x', said: '"no"\n' }, value: 1000 },
    { name: 'b', labels: {}, value: Infinity },
    { name: 'c', labels: { x: '', y: '}' }, value: -Infinity },
    { name: 'd', labels: {}, value: NaN },
  ]);
});

test.each([
  ['no value', 'a{b="c"}'],
  ['a word for a value', 'a ten'],
  ['a label without quotes', 'a{b=c} 1'],
  ['a label that does not end', 'a{b="c'],
  ['braces that do not close', 'a{b="c" 1'],
  ['a page of something else', '<html>'],
  ['an empty value', 'a 0x10'],
])('%s is refused with its line', (_what, line) => {
  expect(() => parseExposition(`ok 1\n${line}`)).toThrow(ExpositionError);
  expect(() => parseExposition(`ok 1\n${line}`)).toThrow(/^line 2 /);
});
