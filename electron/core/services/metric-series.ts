import type { MetricName, MetricSeries } from '../../api/metric-models';
import { MAX_METRIC_POINTS } from '../../api/metric-models';
import { READ_EVERY_MS } from '../ports/metrics';
import type { MetricsHistory, NodeColumns } from '../ports/metrics';
import type { DeclaredNode, NetworkHost } from '../ports/network-host';
import { problem } from '../problem';
import { isOffered, metricCatalogue } from './metric-catalogue';
import { committedTransactions } from './committed-transactions';
import { derive, highestByTime } from './metric-derivation';
import { framesOver, stepsOver, stepsRead } from './metric-steps';
import type { Steps, Values } from './metric-steps';
import { requireNode } from './network-status';

const DEFAULT_RANGE_MINUTES = 15;
/** Beyond what is ever kept a range only costs time. */
const LONGEST_RANGE_MS = 7 * 24 * 60 * 60 * 1000;

interface Request {
  readonly names: readonly MetricName[];
  readonly nodes?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly minutes?: number | undefined;
  readonly maxPoints?: number | undefined;
}

type Series = MetricSeries['series'][number];

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
    const programs = new Map((await this.host.runs()).map(({ name, program }) => [name, program]));
    const { everyMs, nodes: kept } = await this.history.frames(from, to);
    const steps = stepsOver(from, to, request.maxPoints ?? MAX_METRIC_POINTS, everyMs);
    const end = steps.from + steps.count * steps.stepMs;
    const columns = new Map([...kept].map(([name, all]) => [name, framesOver(all, steps)]));
    const highest = request.names.includes('lag')
      ? highestByTime(columns, this.host.declared().nodes)
      : () => NaN;
    const series: Series[] = [];
    const absent: MetricSeries['absent'] = [];
    for (const name of new Set(request.names)) {
      const perNode: Series[] = [];
      for (const node of nodes.filter(({ role }) => hasRole(name, role))) {
        const own = columns.get(node.name);
        const derived = own ? derive(name, own, steps, highest).filter(({ values }) => isKnown(values)) : [];
        perNode.push(
          ...derived.map(({ labels, values }) => ({
            name,
            node: node.name,
            labels: { ...labels },
            values: values.map(rounded),
          })),
        );
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
      series.push(...(name === 'transactions' ? this.#committed(nodes, columns, steps) : perNode));
    }
    const asked = nodes.filter(({ role }) => request.names.some((name) => hasRole(name, role)));
    return {
      from: new Date(steps.from).toISOString(),
      to: new Date(end).toISOString(),
      stepMs: steps.stepMs,
      times: Array.from({ length: steps.count }, (_unused, step) =>
        new Date(steps.from + (step + 1) * steps.stepMs).toISOString(),
      ),
      series,
      unread: asked.flatMap((node) => unreadOf(node, columns.get(node.name), steps)),
      scrape: await this.#scrape(),
      absent,
    };
  }

  #committed(
    nodes: readonly DeclaredNode[],
    columns: ReadonlyMap<string, NodeColumns>,
    steps: Steps,
  ): Series[] {
    const peers = nodes.filter(({ role }) => role === 'peer').flatMap(({ name }) => columns.get(name) ?? []);
    return committedTransactions(peers, steps)
      .filter(({ values }) => isKnown(values))
      .map(({ labels, values }) => ({
        name: 'transactions',
        node: null,
        labels: { ...labels },
        values: values.map(rounded),
      }));
  }

  async #scrape(): Promise<MetricSeries['scrape']> {
    const last = await this.history.last();
    const endpoints = this.host.declared().nodes.filter(({ operations }) => operations !== null);
    const asked = endpoints.flatMap(({ name }) => last?.nodes.get(name) ?? []);
    return {
      everyMs: READ_EVERY_MS,
      last: last ? new Date(last.at).toISOString() : null,
      asked: asked.length,
      answered: asked.filter(({ startedAt }) => startedAt !== null).length,
    };
  }

  #nodesOf(names: readonly string[] | undefined): readonly DeclaredNode[] {
    const declared = this.host.declared();
    return names ? names.map((name) => requireNode(declared, name)) : declared.nodes;
  }
}

function rangeOf(request: Request): { from: number; to: number } {
  const to = request.to === undefined ? Date.now() : Date.parse(request.to);
  const from =
    request.from === undefined
      ? to - (request.minutes ?? DEFAULT_RANGE_MINUTES) * 60_000
      : Date.parse(request.from);
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

const DIGITS = 6;
/** More digits than anybody measured only make the answer longer. Counts stay exact. */
const rounded = (value: number | null): number | null =>
  value === null || Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));

const isKnown = (values: Values): boolean => values.some((value) => value !== null);

/** Spans of steps in which a node was not read. A step that has only just ended may still be read. */
function unreadOf(
  node: DeclaredNode,
  columns: NodeColumns | undefined,
  steps: Steps,
): MetricSeries['unread'][number][] {
  const read = columns
    ? stepsRead(columns, steps, node.operations !== null)
    : new Array<boolean>(steps.count).fill(false);
  const settled = Date.now() - 2 * steps.everyMs;
  const timeOf = (step: number) => new Date(steps.from + step * steps.stepMs).toISOString();
  const spans: { from: number; to: number }[] = [];
  for (let step = 0; step < steps.count; step++) {
    if (read[step] || steps.from + (step + 1) * steps.stepMs > settled) continue;
    const before = spans.at(-1);
    if (before?.to === step) before.to = step + 1;
    else spans.push({ from: step, to: step + 1 });
  }
  return spans.map(({ from, to }) => ({ node: node.name, from: timeOf(from), to: timeOf(to) }));
}
