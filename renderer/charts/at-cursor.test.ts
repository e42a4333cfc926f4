import { expect, test } from 'vitest';
import { newestStep } from './at-cursor';
import type { Chart } from './chart-model';

const chart = (values: (number | null)[], gaps: Chart['gaps'] = []): Chart => ({
  id: 'memory',
  title: 'Memory',
  unit: 'MB',
  shape: 'lines',
  times: { from: 0, to: 400, stepMs: 100, at: [100, 200, 300, 400] },
  series: [{ id: 'a', label: 'A', values, stroke: 'solid', color: 'accent' }],
  gaps,
  fabric: [],
});

test('a step that has just begun is not the newest', () => {
  expect(newestStep(chart([1, 2, 3, null]))).toBe(2);
});

test('a node that is no longer read has no present value', () => {
  expect(newestStep(chart([1, 2, null, null], [{ from: 200, to: 400 }]))).toBe(3);
  expect(newestStep(chart([1, 2, null, null], [{ from: 200, to: 300 }]))).toBe(2);
  expect(newestStep(chart([1, null, null, 4], [{ from: 100, to: 300 }]))).toBe(3);
});
