import { expect, test } from 'vitest';
import { growthOf } from './memory-samples';

const samples = (values: readonly number[]) =>
  values.map((heap, minutes) => ({ minutes, bytes: { heap, steady: 10 } }));

test('compares the second quarter with the last, so that filling up at the start is no growth', () => {
  const [heap, steady] = growthOf(samples([1, 50, 90, 100, 101, 99, 100, 100, 100, 102, 101, 103]), () => ({
    share: 0.25,
    bytes: 5,
  }));
  expect(heap).toEqual({ what: 'heap', before: 100, after: 102, allowed: 130 });
  expect(steady).toEqual({ what: 'steady', before: 10, after: 10, allowed: 17.5 });
});

test('what grows all the time is over its bound', () => {
  const [heap] = growthOf(samples([10, 20, 30, 40, 50, 60, 70, 80]), () => ({ share: 0.25, bytes: 5 }));
  expect(heap?.after).toBeGreaterThan(heap?.allowed ?? Number.NaN);
});

test('a few samples say nothing', () => {
  expect(() => growthOf(samples([1, 2, 3]), () => ({ share: 0, bytes: 0 }))).toThrow(RangeError);
});
