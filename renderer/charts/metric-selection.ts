import type { MetricName, MetricSeries } from '../../electron/api/metric-models';
import { nodeTitle, shortNodeName } from '../network/membership';
import { initialsOf } from '../ui/organization';
import { strokeAt } from './chart-model';
import type { ChartNode } from './use-chart-nodes';
import type { ChartColor, ChartSeries, ChartTimes, Span } from './chart-model';

type Series = MetricSeries['series'][number];
type Values = readonly (number | null)[];

/** What an answer is read with. */
export interface MetricsView {
  readonly answer: MetricSeries;
  /** In the topology's order; series of others are left out. */
  readonly nodes: readonly ChartNode[];
  /** All nodes of the network: a node looks the same whichever others are shown. */
  readonly network: readonly ChartNode[];
  /** Series of other channels are left out. */
  readonly channel?: string | undefined;
}

export function timesOf({ from, to, stepMs, times }: MetricSeries): ChartTimes {
  return { from: Date.parse(from), to: Date.parse(to), stepMs, at: times.map((time) => Date.parse(time)) };
}

export function seriesNamed({ answer, nodes, channel }: MetricsView, name: MetricName): Series[] {
  return answer.series.filter(
    (one) =>
      one.name === name &&
      (one.node === null || nodes.some((node) => node.name === one.node)) &&
      (channel === undefined || one.labels['channel'] === undefined || one.labels['channel'] === channel),
  );
}

export type Combination = 'sum' | 'highest' | 'lowest' | 'average';

/** Step by step over what is known of each; unknown where nothing is. */
export function combined(all: readonly Values[], how: Combination): (number | null)[] {
  const steps = all.reduce((most, values) => Math.max(most, values.length), 0);
  const result: (number | null)[] = [];
  for (let step = 0; step < steps; step++) {
    let known = 0;
    let total = 0;
    for (const values of all) {
      const value = values[step] ?? null;
      if (value === null) continue;
      known += 1;
      total = known === 1 ? value : together(total, value, how);
    }
    result.push(known === 0 ? null : how === 'average' ? total / known : total);
  }
  return result;
}

function together(total: number, value: number, how: Combination): number {
  if (how === 'highest') return Math.max(total, value);
  return how === 'lowest' ? Math.min(total, value) : total + value;
}

export const scaled = (values: Values, by: number): (number | null)[] =>
  values.map((value) => (value === null ? null : value * by));

/** All series of a name as one line. None where nothing is known. */
export function asOne(
  view: MetricsView,
  name: MetricName,
  how: Combination,
  look: Pick<ChartSeries, 'label' | 'color' | 'stroke'>,
): ChartSeries[] {
  const all = seriesNamed(view, name);
  return all.length === 0
    ? []
    : [
        {
          id: name,
          ...look,
          values: combined(
            all.map(({ values }) => values),
            how,
          ),
        },
      ];
}

/** One line for each organization, in its colour. */
export function byOrganization(view: MetricsView, name: MetricName, how: Combination): ChartSeries[] {
  const all = seriesNamed(view, name);
  return [...new Set(view.nodes.map(({ organization }) => organization))].flatMap((organization) => {
    const own = all.filter(({ node }) => organizationOf(view, node) === organization);
    if (own.length === 0) return [];
    const values = combined(
      own.map((one) => one.values),
      how,
    );
    const color: ChartColor = { organization };
    return [
      {
        id: organization,
        label: initialsOf(organization),
        name: organization,
        color,
        stroke: 'solid',
        values,
      },
    ];
  });
}

/** `PO 1` of peer1.parkingoperator…: legends have room for no more. */
function shortLabel({ name, role, organization }: ChartNode): string {
  const short = shortNodeName(name);
  return role === 'peer' ? `${initialsOf(organization)} ${short.replace(/^peer(?=\d)/, '')}` : short;
}

/** One line for each node, in its organization's colour; nodes of one organization differ by their line. */
export function byNode(view: MetricsView, name: MetricName, how: Combination): ChartSeries[] {
  const all = seriesNamed(view, name);
  return view.nodes.flatMap((node): ChartSeries[] => {
    const own = all.filter((one) => one.node === node.name);
    if (own.length === 0) return [];
    const siblings = view.network.filter(
      ({ organization, role }) => organization === node.organization && role === node.role,
    );
    return [
      {
        id: node.name,
        label: view.nodes.length === 1 ? nodeTitle(node.name) : shortLabel(node),
        name: node.name,
        color: { organization: node.organization },
        stroke: strokeAt(siblings.findIndex(({ name: sibling }) => sibling === node.name)),
        values: combined(
          own.map((one) => one.values),
          how,
        ),
      },
    ];
  });
}

/** One line for each value of a label, told apart by their strokes. */
export function byLabel(
  view: MetricsView,
  name: MetricName,
  label: string,
  how: Combination,
  colorOf: (value: string) => ChartColor,
  titleOf: (value: string) => string = (value) => value,
): ChartSeries[] {
  const all = seriesNamed(view, name);
  const values = [...new Set(all.map(({ labels }) => labels[label] ?? ''))].sort((a, b) =>
    a.localeCompare(b),
  );
  const used = new Map<string, number>();
  return values.map((value) => {
    const color = colorOf(value);
    const key = JSON.stringify(color);
    const index = used.get(key) ?? 0;
    used.set(key, index + 1);
    const own = all.filter(({ labels }) => (labels[label] ?? '') === value);
    return {
      id: value,
      label: titleOf(value),
      color,
      stroke: strokeAt(index),
      values: combined(
        own.map((one) => one.values),
        how,
      ),
    };
  });
}

const organizationOf = ({ nodes }: MetricsView, name: string | null): string | undefined =>
  nodes.find((node) => node.name === name)?.organization;

/** Spans in which none of the nodes was read. */
export function gapsOf({ answer }: MetricsView, nodes: readonly string[]): Span[] {
  if (nodes.length === 0) return [];
  const spans = nodes.map((name) =>
    answer.unread
      .filter(({ node }) => node === name)
      .map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
  );
  const [first = [], ...others] = spans;
  return others.reduce<Span[]>(
    (common, own) =>
      common.flatMap((a) =>
        own.flatMap((b) => {
          const from = Math.max(a.from, b.from);
          const to = Math.min(a.to, b.to);
          return from < to ? [{ from, to }] : [];
        }),
      ),
    first,
  );
}
