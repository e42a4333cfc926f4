import { Fragment, memo } from 'react';
import { Area, Bar, CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts';
import { dashOf } from './colors';
import type { Chart, ChartSeries } from './chart-model';
import { plotRoom } from './geometry';
import type { Ticks } from './ticks';
import { formatTick, formatValueTick } from './ticks';

type Point = Record<string, number | null>;

interface Place {
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
  readonly index?: number | undefined;
}

/** A value between two unknown ones has no line to it: it is drawn as a point. */
const isAlone = (values: ChartSeries['values'], index: number): boolean =>
  (values[index] ?? null) !== null &&
  (values[index - 1] ?? null) === null &&
  (values[index + 1] ?? null) === null;

const lonePoints = ({ id, values }: ChartSeries, color: string) =>
  function LonePoint({ cx, cy, index = -1 }: Place) {
    const key = `${id}-${index}`;
    if (cx === undefined || cy === undefined || !isAlone(values, index)) return <Fragment key={key} />;
    return <circle key={key} cx={cx} cy={cy} r={2} fill={color} />;
  };

/** The drawing alone: lines, areas or bars, axes and grid. What moves with the pointer lies over it. */
export const Drawing = memo(function Drawing({
  chart,
  colors,
  ticks,
  timeTicks,
  width,
  height,
}: {
  chart: Chart;
  /** Of the series, in their order. */
  colors: readonly string[];
  ticks: Ticks;
  timeTicks: readonly number[];
  width: number;
  height: number;
}) {
  const { times, series, shape, limit } = chart;
  const points = times.at.map((at, index): Point => {
    const point: Point = { at };
    for (const [position, { values }] of series.entries()) {
      const value = values[index] ?? null;
      // A bar of no height is not worth an element.
      point[`s${position}`] = shape === 'bars' && value === 0 ? null : value;
    }
    return point;
  });
  const plotWidth = width - plotRoom.left - plotRoom.right;
  return (
    <ComposedChart
      width={width}
      height={height}
      data={points}
      margin={{ top: plotRoom.top, right: plotRoom.right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
      stackOffset="none"
      barCategoryGap={0}
    >
      <CartesianGrid vertical={false} stroke="var(--grid)" />
      <XAxis
        dataKey="at"
        type="number"
        domain={[times.from, times.to]}
        allowDataOverflow
        ticks={timeTicks}
        tickFormatter={formatTick}
        interval={0}
        height={plotRoom.bottom}
        stroke="var(--border-strong)"
        tickLine={false}
        tickMargin={5}
        tick={{ fill: 'var(--text-3)', fontSize: 11 }}
      />
      <YAxis
        type="number"
        domain={[0, ticks.max]}
        allowDataOverflow
        ticks={ticks.values}
        tickFormatter={(value: number) => formatValueTick(value, ticks)}
        interval={0}
        width={plotRoom.left}
        axisLine={false}
        tickLine={false}
        tickSize={0}
        tickMargin={8}
        tick={{ fill: 'var(--text-3)', fontSize: 11 }}
      />
      {limit && <ReferenceLine y={limit.value} stroke="var(--text-3)" strokeDasharray="2 2" />}
      {series.map((one, position) => {
        const color = colors[position] ?? 'var(--text-3)';
        const key = `s${position}`;
        const common = { dataKey: key, isAnimationActive: false } as const;
        if (shape === 'bars') {
          return (
            <Bar
              key={one.id}
              {...common}
              stackId="all"
              fill={color}
              barSize={Math.max(1, plotWidth / Math.max(1, times.at.length) - 1)}
            />
          );
        }
        const line = {
          ...common,
          type: shape === 'steps' ? ('stepBefore' as const) : ('linear' as const),
          stroke: color,
          strokeWidth: 1.5,
          strokeDasharray: dashOf(one.stroke),
          connectNulls: false,
          activeDot: false,
          dot: one.values.some((_value, index) => isAlone(one.values, index)) && lonePoints(one, color),
        };
        return shape === 'area' ? (
          <Area key={one.id} {...line} fill={color} fillOpacity={0.13} />
        ) : (
          <Line key={one.id} {...line} />
        );
      })}
    </ComposedChart>
  );
});
