import { formatDate } from '../ui/format';
import { newestStep } from './at-cursor';
import type { Chart } from './chart-model';
import { formatTick, formatValue } from './ticks';

/** The chart in words, for whoever does not see it. */
export function summaryOf(chart: Chart): string {
  const { title, unit, times, series, absence, gaps, whole } = chart;
  if (series.length === 0) return `${title}: ${absence ? `${absence.title}. ${absence.reason}` : 'no data.'}`;
  const newest = newestStep(chart);
  const said = series.map(({ label, name = label, values }) => {
    const known = values.filter((value) => value !== null);
    const last = values[newest] ?? null;
    const now = last === null ? 'not known now' : `now ${formatValue(last, whole)}`;
    if (known.length === 0) return `${name} ${now}`;
    const [least, most] = [Math.min(...known), Math.max(...known)].map((value) => formatValue(value, whole));
    return least === most
      ? `${name} always ${String(least)}, ${now}`
      : `${name} from ${String(least)} to ${String(most)}, ${now}`;
  });
  const missing =
    gaps.length === 0 ? '' : ` Not read in ${gaps.length === 1 ? 'one span' : `${gaps.length} spans`}.`;
  const range = `${formatTick(times.from)} to ${formatTick(times.to)}, ${formatDate(new Date(times.to).toISOString())}`;
  return `${title}, ${unit}, ${range}. ${said.join('; ')}.${missing}`;
}
