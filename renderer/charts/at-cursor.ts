import type { Chart } from './chart-model';

/** Index of the step that a moment lies in; null outside of the chart's range. */
export function stepAt({ times }: Chart, at: number): number | null {
  if (at < times.from || at > times.to || times.at.length === 0) return null;
  const index = Math.round((at - (times.at[0] ?? at)) / times.stepMs);
  return Math.min(times.at.length - 1, Math.max(0, index));
}

/** The newest step in which anything is known; the last one may just have begun. */
export function newestStep({ series, times }: Chart): number {
  for (let index = times.at.length - 1; index >= 0; index--) {
    if (series.some(({ values }) => (values[index] ?? null) !== null)) return index;
  }
  return times.at.length - 1;
}

export const isUnread = ({ gaps }: Chart, at: number): boolean =>
  gaps.some(({ from, to }) => at > from && at <= to);
