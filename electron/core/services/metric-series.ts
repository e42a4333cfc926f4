import type { MetricName, MetricSeries } from '../../api/metric-models';
import { MAX_METRIC_POINTS } from '../../api/metric-models';
import { parseSeriesKey } from '../ports/metrics';
import type { Labels, MetricsHistory, NodeColumns, RawMetric } from '../ports/metrics';
import type { DeclaredNode, NetworkHost } from '../ports/network-host';
import { problem } from '../problem';
import { isOffered, metricCatalogue } from './metric-catalogue';
import { boundOf, gauge, quantile, rate, seriesOf, stepsOver } from './metric-steps';
import type { Steps, Values } from './metric-steps';
import { requireNode } from './network-status';

const DEFAULT_RANGE_MS = 15 * 60 * 1000;
/** Beyond what is ever kept a range only costs time. */
const LONGEST_RANGE_MS = 7 * 24 * 60 * 60 * 1000;

interface Request {
  readonly names: readonly MetricName[];
  readonly nodes?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly maxPoints?: number | undefined;
}

type Series = MetricSeries['series'][number];
type Derived = { readonly labels: Labels; readonly values: Values };

/** Series over time from the readings that were kept. */
export class MetricSeriesService {
  constructor(
    private readonly host: NetworkHost,
    private readonly history: MetricsHistory,
  ) {}

  catalogue = () => [...metricCatalogue];

  async series(request: Request): Promise<MetricSeries> {
    const { from, to } = rangeOf(request);
    const nodes = this.#nodesOf(request.nodes);
    const programs = new Map((await this.host.processes()).map(({ name, program }) => [name, program]));
    const { everyMs, nodes: columns } = await this.history.frames(from, to);
    const steps = stepsOver(from, to, request.maxPoints ?? MAX_METRIC_POINTS, everyMs);
    const end = steps.from + steps.count * steps.stepMs;
    const highest = highestByTime(columns, this.host.declared().nodes);
    const series: Series[] = [];
    const absent: MetricSeries['absent'] = [];
    for (const name of new Set(request.names)) {
      const perNode: Series[] = [];
      for (const node of nodes.filter(({ role }) => hasRole(name, role))) {
        const own = columns.get(node.name);
        const derived = own ? derive(name, own, steps, highest).filter(({ values }) => isKnown(values)) : [];
        perNode.push(...derived.map((one) => ({ name, node: node.name, ...one, labels: { ...one.labels } })));
        if (derived.length > 0) continue;
        const reached = own?.frames.some(
          ({ at, startedAt }) => at > steps.from && at <= end && startedAt !== null,
        );
        const offered = isOffered(name, programs.get(node.name) ?? 'embedded');
        absent.push({
          name,
          node: node.name,
          reason: !offered ? 'not-offered' : reached ? 'no-data-yet' : 'not-reached',
        });
      }
      series.push(...(name === 'transactions' ? highestOfAll(perNode) : perNode));
    }
    return {
      from: new Date(steps.from).toISOString(),
      to: new Date(end).toISOString(),
      stepMs: steps.stepMs,
      times: Array.from({ length: steps.count }, (_unused, step) =>
        new Date(steps.from + (step + 1) * steps.stepMs).toISOString(),
      ),
      series,
      absent,
    };
  }

  #nodesOf(names: readonly string[] | undefined): readonly DeclaredNode[] {
    const declared = this.host.declared();
    return names ? names.map((name) => requireNode(declared, name)) : declared.nodes;
  }
}

function rangeOf(request: Request): { from: number; to: number } {
  const to = request.to === undefined ? Date.now() : Date.parse(request.to);
  const from = request.from === undefined ? to - DEFAULT_RANGE_MS : Date.parse(request.from);
  if (!(from < to) || to - from > LONGEST_RANGE_MS) {
    throw problem('BAD_REQUEST', {
      title: 'The range cannot be used.',
      detail: `From ${String(request.from)} to ${String(request.to)}.`,
      hint: 'Give two times in ISO 8601, the first before the second, at most seven days apart.',
    });
  }
  return { from, to };
}

const hasRole = (name: MetricName, role: DeclaredNode['role']): boolean =>
  metricCatalogue.some((entry) => entry.name === name && entry.roles.includes(role));

const isKnown = (values: Values): boolean => values.some((value) => value !== null);

/** Height of the highest peer by channel and time of reading. */
type Heights = (channel: string, at: number) => number;

function highestByTime(columns: ReadonlyMap<string, NodeColumns>, nodes: readonly DeclaredNode[]): Heights {
  const highest = new Map<string, number>();
  for (const { name } of nodes.filter(({ role }) => role === 'peer')) {
    const own = columns.get(name);
    for (const { index, labels } of own ? seriesOf(own, 'height') : []) {
      for (const { at, values } of own?.frames ?? []) {
        const value = values[index] ?? NaN;
        const key = `${at} ${labels['channel'] ?? ''}`;
        if (value > (highest.get(key) ?? Number.NEGATIVE_INFINITY)) highest.set(key, value);
      }
    }
  }
  return (channel, at) => highest.get(`${at} ${channel}`) ?? NaN;
}

function derive(name: MetricName, columns: NodeColumns, steps: Steps, highest: Heights): Derived[] {
  const gauges = (metric: RawMetric) =>
    seriesOf(columns, metric).map(({ index, labels }) => ({ labels, values: gauge(columns, steps, index) }));
  const rates = (metric: RawMetric) =>
    seriesOf(columns, metric).map(({ index, labels }) => ({ labels, values: rate(columns, steps, index) }));
  switch (name) {
    case 'height':
    case 'raft.leader':
    case 'raft.clusterSize':
    case 'raft.activeNodes':
    case 'gossip.known':
    case 'connections':
    case 'cpu':
    case 'memory':
      return gauges(name);
    case 'transactions':
    case 'proposals':
    case 'proposals.failed':
    case 'shim':
    case 'log.warnings':
    case 'log.errors':
      return rates(name);
    case 'lag':
      return seriesOf(columns, 'height').map(({ index, labels }) => ({
        labels,
        values: gauge(columns, steps, index, (height, at) => highest(labels['channel'] ?? '', at) - height),
      }));
    case 'endorsement.p50':
      return quantiles(columns, steps, 'endorsement.bucket', 0.5);
    case 'endorsement.p95':
      return quantiles(columns, steps, 'endorsement.bucket', 0.95);
    case 'commit.p50':
      return quantiles(columns, steps, 'commit.bucket', 0.5);
    case 'commit.p95':
      return quantiles(columns, steps, 'commit.bucket', 0.95);
  }
}

/** In milliseconds; buckets are in seconds. */
function quantiles(columns: NodeColumns, steps: Steps, metric: RawMetric, q: number): Derived[] {
  const groups = new Map<string, { labels: Labels; buckets: { index: number; le: number }[] }>();
  for (const key of columns.keys.keys()) {
    const parsed = parseSeriesKey(columns.keys[key] ?? '{}');
    if (parsed.metric !== metric) continue;
    const { le = '', ...labels } = parsed.labels;
    const name = JSON.stringify(labels);
    const group = groups.get(name) ?? { labels, buckets: [] };
    group.buckets.push({ index: key, le: boundOf(le) });
    groups.set(name, group);
  }
  return [...groups.values()].map(({ labels, buckets }) => ({
    labels,
    values: quantile(columns, steps, buckets, q).map((value) => (value === null ? null : value * 1000)),
  }));
}

/** One series for all nodes: at each time the highest value any of them has. */
function highestOfAll(perNode: readonly Series[]): Series[] {
  const merged = new Map<string, Series>();
  for (const one of perNode) {
    const key = JSON.stringify(one.labels);
    const before = merged.get(key);
    merged.set(key, {
      ...one,
      node: null,
      values: one.values.map((value, step) => higher(value, before?.values[step] ?? null)),
    });
  }
  return [...merged.values()];
}

const higher = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);
