import { lazy, memo, Suspense, useMemo, useRef } from 'react';
import type { Chart, Span } from './chart-model';
import { useChartColors } from './colors';
import { Legend } from './legend';
import { Overlay } from './overlay';
import { summaryOf } from './summary';
import { timeTicks, valueTicks } from './ticks';
import { useTurn } from './turns';
import { useSize } from './use-size';
import './charts.css';

/** The chart library comes with the first chart, never with the first view. */
const Drawing = lazy(() => import('./drawing').then(({ Drawing: drawing }) => ({ default: drawing })));

const TICK_ROOM_PX = 62;

/** Legend, drawing and cursor of a chart. Stands within SharedCursor. */
export function ChartFigure({
  chart: newest,
  onRange,
}: {
  chart: Chart;
  onRange?: ((range: Span) => void) | undefined;
}) {
  const chart = useTurn(newest);
  return chart && chart.series.length > 0 ? (
    <DrawnChart chart={chart} onRange={onRange} />
  ) : (
    <div className="chart-figure" aria-busy="true" />
  );
}

const DrawnChart = memo(function DrawnChart({
  chart,
  onRange,
}: {
  chart: Chart;
  onRange?: ((range: Span) => void) | undefined;
}) {
  const plot = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(plot);
  const colorOf = useChartColors();
  const colors = useMemo(() => chart.series.map(({ color }) => colorOf(color)), [chart, colorOf]);
  const ticks = useMemo(() => valueTicks(highestOf(chart), chart.whole), [chart]);
  const marks = useMemo(
    () => timeTicks(chart.times.from, chart.times.to, Math.max(2, Math.floor(width / TICK_ROOM_PX))),
    [chart, width],
  );
  return (
    <figure className="chart-figure" aria-label={summaryOf(chart)}>
      <Legend chart={chart} colors={colors} />
      <div ref={plot} className="chart-plot">
        <div className="chart-drawing" aria-hidden="true">
          <Suspense fallback={null}>
            <Drawing {...{ chart, colors, ticks, width, height }} timeTicks={marks} />
          </Suspense>
        </div>
        <Overlay chart={chart} colors={colors} max={ticks.max} onRange={onRange} />
      </div>
    </figure>
  );
});

function highestOf({ series, shape, times, limit }: Chart): number {
  const highest =
    shape === 'bars'
      ? times.at.map((_at, step) => series.reduce((sum, { values }) => sum + (values[step] ?? 0), 0))
      : series.flatMap(({ values }) => values.filter((value) => value !== null));
  return highest.reduce((most, value) => Math.max(most, value), limit?.value ?? 0);
}
