import type { Chart } from './chart-model';

/** RFC 4180, with a header; a value a spreadsheet would take for a formula is quoted as text. */
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One row a time, one column a series; unknown is empty. Charts of one range have the same times. */
export function csvOf(charts: readonly Chart[]): string {
  const times = charts[0]?.times.at ?? [];
  const columns = charts.flatMap((chart) =>
    chart.series.map(({ label, name = label, values }) => ({
      head: `${chart.title} (${chart.unit}): ${name}`,
      values,
    })),
  );
  const head = ['time', ...columns.map((column) => column.head)];
  const rows = times.map((at, index) => [
    new Date(at).toISOString(),
    ...columns.map(({ values }) => {
      const value = values[index] ?? null;
      return value === null ? '' : String(value);
    }),
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replaceAll(/[:-]/g, '') + 'Z';

/** `metrics-lag-20260101T135200Z-20260101T140700Z.csv`: times in UTC, as in the file. */
export function csvName(what: string, { from, to }: Chart['times']): string {
  return `metrics-${what}-${stamp(from)}-${stamp(to)}.csv`;
}
