import { describe, expect, test } from 'vitest';
import { formatValue, formatValueTick, timeTicks, valueTicks } from './ticks';

describe('ticks of a value axis', () => {
  test.each([
    [63, [0, 20, 40, 60, 80], 0],
    [2.9, [0, 1, 2, 3], 0],
    [0.037, [0, 0.01, 0.02, 0.03, 0.04], 2],
    [9.1, [0, 2.5, 5, 7.5, 10], 1],
    [0.9, [0, 0.25, 0.5, 0.75, 1], 2],
  ])('up to %s', (highest, values, digits) => {
    const ticks = valueTicks(highest);
    expect(ticks.values.map((value) => Number(value.toFixed(6)))).toEqual(values);
    expect(ticks.digits).toBe(digits);
  });

  test('what is counted in whole numbers has no tick between two of them, and room above', () => {
    expect(valueTicks(1, true).values).toEqual([0, 1, 2]);
    expect(valueTicks(9, true).values).toEqual([0, 5, 10]);
  });

  test('where all is zero the axis still has a height', () => {
    expect(valueTicks(0).max).toBe(1);
    expect(valueTicks(0, true).max).toBe(4);
  });
});

test('ticks of time are round, and no more than there is room for', () => {
  const from = Date.parse('2026-01-01T13:52:10Z');
  const ticks = timeTicks(from, from + 15 * 60_000, 5);
  expect(ticks.length).toBeLessThanOrEqual(6);
  expect(ticks.every((at) => at % 180_000 === 0)).toBe(true);
});

test('values have as many digits as their size needs', () => {
  expect([0.00412, 0.371, 23.66, 1204, 0].map((value) => formatValue(value))).toEqual([
    '0.004',
    '0.37',
    '23.7',
    '1,204',
    '0',
  ]);
  expect(formatValue(7, true)).toBe('7');
});

test('ticks of thousands are short', () => {
  const ticks = valueTicks(13_000);
  expect(ticks.values.map((value) => formatValueTick(value, ticks))).toEqual(['0', '5k', '10k', '15k']);
  const small = valueTicks(1_300);
  expect(small.values.map((value) => formatValueTick(value, small))).toEqual(['0', '500', '1k', '1.5k']);
});
