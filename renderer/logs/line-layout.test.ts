import { expect, test } from 'vitest';
import { flatLayout, ROW_HEIGHT, TEXT_HEIGHT, wrappedLayout } from './line-layout';
import { readLine } from './log-line';
import { specMistake, specPresets } from './log-spec';
import { logFileName } from './whole-log';

const lineOf = (length: number) =>
  readLine('n', `2026-11-22 08:00:00.000 UTC 0001 INFO [x] ${'m'.repeat(length)}`, 'a:0', undefined);

test('rows of one line of text stand at multiples', () => {
  const layout = flatLayout(10);
  expect([layout.total, layout.topOf(3), layout.indexAt(ROW_HEIGHT * 3 + 1)]).toEqual([
    10 * ROW_HEIGHT,
    3 * ROW_HEIGHT,
    3,
  ]);
  expect([layout.indexAt(-5), layout.indexAt(1e9)]).toEqual([0, 9]);
});

test('wrapped rows are as high as their text, up to a limit', () => {
  const layout = wrappedLayout([lineOf(10), lineOf(101), lineOf(100_000), lineOf(1)], 50, false);
  const high = (texts: number) => ROW_HEIGHT + (texts - 1) * TEXT_HEIGHT;
  expect([0, 1, 2, 3].map((index) => layout.heightOf(index))).toEqual([high(1), high(3), high(16), high(1)]);
  expect(layout.total).toBe(high(1) + high(3) + high(16) + high(1));
  expect(layout.indexAt(high(1))).toBe(1);
  expect(layout.indexAt(high(1) + high(3) - 1)).toBe(1);
  expect(layout.indexAt(layout.total + 1)).toBe(3);
});

test('a logger that stands in the message takes its room there', () => {
  const line = lineOf(50);
  expect(wrappedLayout([line], 50, false).total).toBe(ROW_HEIGHT);
  expect(wrappedLayout([line], 50, true).total).toBe(ROW_HEIGHT + TEXT_HEIGHT);
});

test.each([
  ['info', undefined],
  ['gossip=debug:info', undefined],
  ['gossip.privdata,endorser=DEBUG:warning', undefined],
  ['', 'Name a level'],
  ['loud', '“loud” is no level'],
  ['Debug', '“Debug” is no level'],
  ['gossip=:info', '“” is no level'],
  ['=debug', 'names no logger'],
  ['a=debug=info', 'more than one'],
  ['a b=debug', 'no spaces'],
  ['a..b=debug', '“a..b” is no name'],
])('the specification %j', (spec, mistake) => {
  if (mistake === undefined) expect(specMistake(spec)).toBeUndefined();
  else expect(specMistake(spec)).toContain(mistake);
});

test('presets are specifications', () => {
  for (const { spec } of specPresets) expect(specMistake(spec)).toBeUndefined();
});

test('a file says of which node it is, and as of when', () => {
  expect(logFileName('peer0.alpha.test', new Date('2026-11-02T08:05:09.120Z'))).toBe(
    'peer0.alpha.test 2026-11-02 08.05.09Z.log',
  );
});
