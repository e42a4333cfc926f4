import { describe, expect, test } from 'vitest';
import { formatAge, formatBytes, formatDuration, formatNumber, shortId } from './format';
import { initialsOf, palettesOf } from './organization';

describe('numbers', () => {
  test.each([
    ['1204', '1,204'],
    ['18446744073709551615', '18,446,744,073,709,551,615'],
    ['0', '0'],
  ])('a uint64 keeps all its digits: %s', (value, shown) => expect(formatNumber(value)).toBe(shown));

  test.each([
    [512, '512 B'],
    [103_809_024, '99.0 MB'],
    [975 * 1024 * 1024, '975 MB'],
  ])('%s bytes', (value, shown) => expect(formatBytes(value)).toBe(shown));
});

describe('times', () => {
  test.each([
    [840, '840 ms'],
    [2_440, '2.4 s'],
    [9_960, '10 s'],
    [59_700, '1 min'],
    [185_000, '3 min 5 s'],
    [8_040_000, '2 h 14 min'],
    [273_600_000, '3 d 4 h'],
  ])('%s ms took', (ms, shown) => expect(formatDuration(ms)).toBe(shown));

  test.each([
    [-50, '0 s'],
    [59_999, '59 s'],
    [120_000, '2 min'],
    [47 * 3_600_000, '47 h'],
    [72 * 3_600_000, '3 days'],
  ])('%s ms old', (ms, shown) => expect(formatAge(ms)).toBe(shown));
});

test('ids are cut in the middle, and only where that makes them shorter', () => {
  expect(shortId('39f28e96980465f3')).toBe('39f28e…0465f3');
  expect(shortId('abcdefghijklm')).toBe('abcdefghijklm');
});

describe('organizations', () => {
  test.each([
    ['ParkingOperator', 'PO'],
    ['Orderer', 'OR'],
    ['org1', 'OR'],
  ])('%s has the letters %s', (name, letters) => expect(initialsOf(name)).toBe(letters));

  test('have colours by their place; who only orders has the neutral one', () => {
    const palettes = palettesOf([
      { name: 'Orderer', ordering: true },
      ...['A', 'B', 'C', 'D', 'E'].map((name) => ({ name, ordering: false })),
    ]);
    expect([...palettes.values()]).toEqual(['orderer', 'parking', 'charging', 'user', 'city', 'parking']);
  });
});
