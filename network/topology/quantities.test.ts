import { expect, it } from 'vitest';
import { byteCount, durationMs, goDuration } from './quantities';

it.each([
  ['200ms', 200],
  ['2s', 2_000],
  ['1m', 60_000],
])('%s is %i milliseconds', (text, milliseconds) => {
  expect(durationMs(text)).toBe(milliseconds);
});

it.each([
  ['100 B', 100],
  ['512 KB', 524_288],
  ['512KB', 524_288],
  ['99 MB', 103_809_024],
])('%s are %i bytes, as configtxgen reads it', (text, bytes) => {
  expect(byteCount(text)).toBe(bytes);
});

it.each(['', '2', '2 s', 's', '-1s', '1.5s'])('%j is no duration', (text) => {
  expect(() => durationMs(text)).toThrow(RangeError);
});

it.each(['', '2', 'KB', '-1 KB', '1 GB'])('%j is no size', (text) => {
  expect(() => byteCount(text)).toThrow(RangeError);
});

it.each([
  [0, '0s'],
  [200, '200ms'],
  [1_000, '1s'],
  [1_500, '1.5s'],
  [60_000, '1m0s'],
  [90_000, '1m30s'],
  [3_600_000, '1h0m0s'],
])('%i milliseconds are written as Go writes them: %s', (milliseconds, text) => {
  expect(goDuration(milliseconds)).toBe(text);
});
