import type { Chart } from './chart-model';

/** Index of the step that a moment lies in; null outside of the chart's range. */
export function stepAt({ times }: Chart, at: number): number | null {
  if (at < times.from || at > times.to || times.at.length === 0) return null;
  const index = Math.round((at - (times.at[0] ?? at)) / times.stepMs);
  return Math.min(times.at.length - 1, Math.max(0, index));
}

/**
 * The newest step in which anything is known, or in which nothing was read: what was known before that is not said to be
 * so now. The last one may just have begun.
 */
export function newestStep(chart: Chart): number {
  const { series, times } = chart;
  for (let index = times.at.length - 1; index >= 0; index--) {
    if (series.some(({ values }) => (values[index] ?? null) !== null)) return index;
    if (isUnread(chart, times.at[index] ?? times.to)) return index;
  }
  return times.at.length - 1;
}

export const isUnread = ({ gaps }: Chart, at: number): boolean =>
  gaps.some(({ from, to }) => at > from && at <= to);
