import { expect, test } from 'vitest';
import { expiryOf } from './expiry';

const now = Date.parse('2026-11-22T12:00:00Z');
const DAY = 86_400_000;
const at = (days: number) => new Date(now + days * DAY).toISOString();

test.each([
  [-400, 'expired 13 months ago', 'expired'],
  [-3, 'expired 3 days ago', 'expired'],
  [-0.5, 'expired 12 h ago', 'expired'],
  [0.25, 'in 6 h', 'soon'],
  [29, 'in 29 days', 'soon'],
  [31, 'in 31 days', 'later'],
  [100, 'in 3 months', 'later'],
  [3650, 'in 10 years', 'later'],
])('%s days from now', (days, words, state) => {
  expect(expiryOf(at(days), now)).toMatchObject({ words, state });
});
