import { newestStep, stepAt } from './at-cursor';
import type { Chart, ChartSeries } from './chart-model';
import { dashOf } from './colors';
import { useCursorStore, useCursorTime } from './cursor';
import { formatValue } from './ticks';

const valueWords = (
  values: ChartSeries['values'],
  step: number,
  unread: boolean,
  whole: boolean | undefined,
) => {
  const value = values[step] ?? null;
  return value !== null ? formatValue(value, whole) : unread ? 'no scrape' : 'no data';
};

/** What the chart says at one step, in words. */
export const legendWords = (chart: Chart, step: number, unread: boolean): string =>
  chart.series
    .map(({ label, name = label, values }) => `${name} ${valueWords(values, step, unread, chart.whole)}`)
    .join(', ');

/** More of them stand in columns. */
const MANY = 5;

/** The series by line and label with their values: at the cursor, else the newest. */
export function Legend({ chart, colors }: { chart: Chart; colors: readonly string[] }) {
  const cursor = useCursorTime(useCursorStore());
  const step = (cursor === null ? null : stepAt(chart, cursor)) ?? newestStep(chart);
  return (
    <ul className={chart.series.length > MANY ? 'chart-legend many' : 'chart-legend'}>
      {chart.series.map(({ id, label, name, stroke, values }, position) => {
        const value = values[step] ?? null;
        return (
          <li key={id} title={name}>
            <Key color={colors[position] ?? ''} stroke={dashOf(stroke)} bar={chart.shape === 'bars'} />
            {label}
            <b className={value === null ? 'unknown' : undefined}>
              {value === null ? '–' : formatValue(value, chart.whole)}
            </b>
          </li>
        );
      })}
    </ul>
  );
}

function Key({ color, stroke, bar }: { color: string; stroke: string; bar: boolean }) {
  return bar ? (
    <svg className="chart-key" viewBox="0 0 9 9" width="9" height="9" aria-hidden="true">
      <rect width="9" height="9" rx="2" fill={color} />
    </svg>
  ) : (
    <svg className="chart-key" viewBox="0 0 16 4" width="16" height="4" aria-hidden="true">
      <path d="M0 2H16" stroke={color} strokeWidth="2.5" strokeDasharray={stroke} />
    </svg>
  );
}
