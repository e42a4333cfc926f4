import type { MetricDescription, MetricName } from '../../electron/api/metric-models';
import type { Absence, Chart, ChartSeries } from './chart-model';
import { gapsOf, timesOf } from './metric-selection';
import type { MetricsView } from './metric-selection';
import type { ChartNode } from './use-chart-nodes';
import { absenceOf, partlyAbsent } from './metric-words';

/** How a chart is made from series of the core. */
export interface ChartDefinition {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly shape: Chart['shape'];
  readonly whole?: boolean;
  /** What it needs; the first says why there is nothing. */
  readonly names: readonly MetricName[];
  /** Of the nodes it is about. */
  readonly roles: readonly ChartNode['role'][];
  readonly lines: (view: MetricsView) => readonly ChartSeries[];
  readonly limit?: Chart['limit'];
  /** Where nothing to draw means something else than that nothing was counted. */
  readonly absence?: (view: MetricsView) => Absence | undefined;
}

export function chartOf(
  definition: ChartDefinition,
  view: MetricsView,
  catalogue: readonly MetricDescription[] = [],
): Chart {
  const { id, title, unit, shape, whole = false, names, roles, limit } = definition;
  const own = { ...view, nodes: view.nodes.filter(({ role }) => roles.includes(role)) };
  const nodes = own.nodes.map(({ name }) => name);
  const series = definition.lines(own);
  const absent = view.answer.absent.filter(({ node }) => nodes.includes(node));
  return {
    id,
    title,
    unit,
    shape,
    whole,
    times: timesOf(view.answer),
    series,
    gaps: gapsOf(view, nodes),
    limit,
    fabric: [
      ...new Set(names.flatMap((name) => catalogue.find((entry) => entry.name === name)?.fabric ?? [])),
    ],
    absence:
      series.length > 0 ? undefined : (definition.absence?.(own) ?? absenceOf(absent, names, view.channel)),
    note: series.length > 0 ? partlyAbsent(absent, names) : undefined,
  };
}

export const namesOf = (definitions: readonly ChartDefinition[]): MetricName[] => [
  ...new Set(definitions.flatMap(({ names }) => names)),
];
