import { describe, expect, test } from 'vitest';
import { hexDump } from './hex-dump';
import { layOutJson } from './json-layout';
import { keyText, textOf, versionText } from './ledger-words';
import { lineDifference } from './line-difference';

describe('JSON on lines of its own', () => {
  test.each([
    {},
    [],
    { a: 1, b: [1, 2, { c: null }], d: { e: {} }, f: '{"x": [1]}', g: 'quo"te\\' },
    [[], {}, ''],
    'text',
    -1.5e-7,
  ])('%j is what JSON.stringify makes of it', (value) => {
    expect(layOutJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  });

  test('keeps every digit of a number', () => {
    expect(layOutJson('{"n":18446744073709551615,"m":1.10}')).toBe(
      '{\n  "n": 18446744073709551615,\n  "m": 1.10\n}',
    );
  });
});

describe('what differs between two texts', () => {
  const applied = (kept: 'removed' | 'added', before: string, after: string) =>
    lineDifference(before, after)
      .filter(({ kind }) => kind === 'same' || kind === kept)
      .map(({ text }) => text)
      .join('\n');

  test.each([
    ['a\nb\nc', 'a\nx\nc'],
    ['a', 'a'],
    ['', 'a\nb'],
    ['a\nb\nc\nd', 'b\nd\ne'],
    [
      Array.from({ length: 1500 }, (_, line) => `old ${line}`).join('\n'),
      Array.from({ length: 1500 }, (_, line) => `new ${line}`).join('\n'),
    ],
  ])('has both in it', (before, after) => {
    expect(applied('removed', before, after)).toBe(before);
    expect(applied('added', before, after)).toBe(after);
  });

  test('is the least there is', () => {
    expect(lineDifference('{\n  "a": 1,\n  "b": 2\n}', '{\n  "a": 3,\n  "b": 2\n}')).toEqual([
      { kind: 'same', text: '{' },
      { kind: 'removed', text: '  "a": 1,' },
      { kind: 'added', text: '  "a": 3,' },
      { kind: 'same', text: '  "b": 2' },
      { kind: 'same', text: '}' },
    ]);
  });
});

test('bytes are dumped with offset, hex and the characters that show', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, index) => 0x3c + index);
  expect(hexDump(bytes).split('\n')).toEqual([
    '00000000  3c 3d 3e 3f 40 41 42 43  44 45 46 47 48 49 4a 4b  <=>?@ABCDEFGHIJK',
    `00000010  4c 4d 4e 4f ${' '.repeat(37)} LMNO`,
  ]);
});

test('keys, versions and values as they are said', () => {
  expect(keyText('\0spot\0SPOT-1\0')).toBe('spot SPOT-1');
  expect(versionText({ block: '12345678901234567890', position: 2 })).toBe('12,345,678,901,234,567,890:2');
  const described = { size: 3, isWhole: true, part: '' };
  expect(textOf({ kind: 'bytes', hex: '00ff01', ...described })).toBe('00ff01');
  expect(textOf({ kind: 'json', text: '{"a":1', ...described, isWhole: false })).toBe('{"a":1');
  expect(textOf({ kind: 'empty' })).toBe('');
});
