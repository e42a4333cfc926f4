import { Table } from '../ui/table';
import type { Column } from '../ui/table';
import { isUnread } from './at-cursor';
import type { Chart } from './chart-model';
import { formatMoment, formatValue } from './ticks';

/** The chart as a table: a row for each step, the newest first. */
export function ChartTable({ chart }: { chart: Chart }) {
  const { times, series, whole } = chart;
  const columns: Column<number>[] = [
    { id: 'time', title: 'Time', cell: (index) => formatMoment(times.at[index] ?? times.to) },
    ...series.map(({ id, label, name = label, values }): Column<number> => ({
      id,
      title: label,
      label: name,
      numeric: true,
      cell: (index) => {
        const value = values[index] ?? null;
        if (value !== null) return formatValue(value, whole);
        return <span className="quiet">{isUnread(chart, times.at[index] ?? 0) ? 'no scrape' : '–'}</span>;
      },
    })),
  ];
  return (
    <div className="chart-table">
      <Table
        label={`${chart.title}, ${chart.unit}`}
        columns={columns}
        rows={times.at.map((_at, index) => times.at.length - 1 - index)}
        rowKey={String}
        virtual
        rowHeight={26}
      />
    </div>
  );
}
