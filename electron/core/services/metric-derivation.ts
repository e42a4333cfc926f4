import type { MetricName } from '../../api/metric-models';
import type { Labels, NodeColumns, RawMetric } from '../ports/metrics';
import type { DeclaredNode } from '../ports/network-host';
import { average, boundOf, gauge, quantile, rate, seriesOf } from './metric-steps';
import type { Steps, Values } from './metric-steps';

export type Derived = { readonly labels: Labels; readonly values: Values };

/** Height of the highest peer by channel and time of reading. */
export type Heights = (channel: string, at: number) => number;

export function highestByTime(
  columns: ReadonlyMap<string, NodeColumns>,
  nodes: readonly DeclaredNode[],
): Heights {
  const channels = new Map<string, Map<number, number>>();
  for (const { name } of nodes.filter(({ role }) => role === 'peer')) {
    const own = columns.get(name);
    for (const { index, labels } of own ? seriesOf(own, 'height') : []) {
      const channel = labels['channel'] ?? '';
      const highest = channels.get(channel) ?? new Map<number, number>();
      channels.set(channel, highest);
      for (const { at, values } of own?.frames ?? []) {
        const value = values[index] ?? NaN;
        if (value > (highest.get(at) ?? Number.NEGATIVE_INFINITY)) highest.set(at, value);
      }
    }
  }
  return (channel, at) => channels.get(channel)?.get(at) ?? NaN;
}

/** The series of one name that one node's readings tell. */
export function derive(name: MetricName, columns: NodeColumns, steps: Steps, highest: Heights): Derived[] {
  const gauges = (metric: RawMetric) =>
    seriesOf(columns, metric).map(({ index, labels }) => ({ labels, values: gauge(columns, steps, index) }));
  const rates = (metric: RawMetric) =>
    seriesOf(columns, metric).map(({ index, labels }) => ({ labels, values: rate(columns, steps, index) }));
  const quantiles = (metric: RawMetric, q: number) => quantilesOf(columns, steps, metric, q);
  switch (name) {
    case 'height':
    case 'raft.leader':
    case 'raft.clusterSize':
    case 'raft.activeNodes':
    case 'gossip.known':
    case 'gossip.buffer':
    case 'connections':
    case 'cpu':
    case 'memory':
      return gauges(name);
    case 'transactions':
    case 'proposals':
    case 'proposals.failed':
    case 'broadcast':
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
      return quantiles('endorsement.bucket', 0.5);
    case 'endorsement.p95':
      return quantiles('endorsement.bucket', 0.95);
    case 'commit.p50':
      return sumOfStages(quantiles('block.bucket', 0.5));
    case 'commit.p95':
      return sumOfStages(quantiles('block.bucket', 0.95));
    case 'commit.validation':
      return stageAverages(columns, steps, 'validation');
    case 'commit.storage':
      return stageAverages(columns, steps, 'storage');
    case 'commit.state':
      return stageAverages(columns, steps, 'state');
    case 'raft.persist.p95':
      return quantiles('raft.persist.bucket', 0.95);
    case 'blockFill.p50':
      return quantiles('blockFill.bucket', 0.5);
    case 'blockFill.p95':
      return quantiles('blockFill.bucket', 0.95);
    case 'shim.p95':
      return quantiles('shim.bucket', 0.95);
  }
}

const milliseconds = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

/** In milliseconds; buckets are in seconds. */
function quantilesOf(columns: NodeColumns, steps: Steps, metric: RawMetric, q: number): Derived[] {
  const groups = new Map<string, { labels: Labels; buckets: { index: number; le: number }[] }>();
  for (const { index, labels: all } of seriesOf(columns, metric)) {
    const { le = '', ...labels } = all;
    const name = JSON.stringify(labels);
    const group = groups.get(name) ?? { labels, buckets: [] };
    group.buckets.push({ index, le: boundOf(le) });
    groups.set(name, group);
  }
  return [...groups.values()].map(({ labels, buckets }) => ({
    labels,
    values: quantile(columns, steps, buckets, q).map(milliseconds),
  }));
}

/** Known only where every stage is. */
function sumOfStages(stages: readonly Derived[]): Derived[] {
  const channels = new Map<string, Derived[]>();
  for (const stage of stages) {
    const channel = stage.labels['channel'] ?? '';
    channels.set(channel, [...(channels.get(channel) ?? []), stage]);
  }
  return [...channels].map(([channel, parts]) => ({
    labels: { channel },
    values: (parts[0]?.values ?? []).map((_unused, step) =>
      parts.reduce<number | null>((sum, { values }) => {
        const value = values[step] ?? null;
        return sum === null || value === null ? null : sum + value;
      }, 0),
    ),
  }));
}

function stageAverages(columns: NodeColumns, steps: Steps, stage: string): Derived[] {
  const counts = seriesOf(columns, 'block.count').filter(({ labels }) => labels['stage'] === stage);
  return seriesOf(columns, 'block.seconds').flatMap(({ index, labels: { stage: own, ...labels } }) => {
    const count = counts.find((candidate) => candidate.labels['channel'] === labels['channel']);
    if (own !== stage || !count) return [];
    return [{ labels, values: average(columns, steps, index, count.index).map(milliseconds) }];
  });
}
