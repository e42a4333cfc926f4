import type { MetricName } from '../../electron/api/metric-models';
import { shortChannelName } from '../network/membership';
import type { ChartDefinition } from './chart-definition';
import type { ChartColor, ChartSeries } from './chart-model';
import { asOne, byLabel } from './metric-selection';
import type { Combination, MetricsView } from './metric-selection';
import type { ChartNode } from './use-chart-nodes';
import { processDefinitions } from './process-definitions';

/** Charts about one node, in its organization's colour. */
export function nodeDefinitions({
  role,
  organization,
}: Pick<ChartNode, 'role' | 'organization'>): ChartDefinition[] {
  const roles = [role];
  const color: ChartColor = { organization };
  const byChannel = (name: MetricName, how: Combination) => (view: MetricsView) =>
    byLabel(view, name, 'channel', how, () => color, shortChannelName);
  const quantiles = (of: 'endorsement' | 'commit' | 'blockFill') => (view: MetricsView) => [
    ...asOne(view, `${of}.p50`, 'highest', { label: 'median', color, stroke: 'solid' }),
    ...asOne(view, `${of}.p95`, 'highest', { label: '95th percentile', color, stroke: 'dashed' }),
  ];
  const [cpu, memory, ...others] = processDefinitions('node', roles);
  const process = [cpu, memory].filter((definition) => definition !== undefined);
  const height = line('height', 'Ledger height', 'blocks', byChannel('height', 'highest'), { whole: true });
  const peer = [
    height,
    line('lag', 'Height lag', 'blocks', byChannel('lag', 'highest'), { whole: true }),
    line('proposals', 'Proposals', 'per second, by contract', (view) =>
      byLabel(view, 'proposals', 'contract', 'sum', () => color),
    ),
    line('proposals.failed', 'Failed proposals', 'per second', (view) =>
      asOne(view, 'proposals.failed', 'sum', { label: 'failed', color: 'danger', stroke: 'solid' }),
    ),
    line('endorsement.p95', 'Endorsement', 'ms', quantiles('endorsement'), { more: ['endorsement.p50'] }),
    line('commit.p95', 'Block commit', 'ms a block, slowest channel', quantiles('commit'), {
      more: ['commit.p50'],
    }),
    line('shim', 'Requests of contracts', 'per second, by contract', (view) =>
      byLabel(view, 'shim', 'contract', 'sum', () => color),
    ),
    line('gossip.known', 'Peers known by gossip', 'itself not counted', byChannel('gossip.known', 'lowest'), {
      whole: true,
    }),
  ];
  const orderer = [
    height,
    line('raft.leader', 'Raft leader', '1 where it leads', byChannel('raft.leader', 'highest'), {
      whole: true,
    }),
    line('broadcast', 'Transactions received', 'per second', byChannel('broadcast', 'sum')),
    line('blockFill.p95', 'Block fill', 'ms, slowest channel', quantiles('blockFill'), {
      more: ['blockFill.p50'],
    }),
    line(
      'raft.persist.p95',
      'Raft log writes',
      'ms, 95th percentile',
      byChannel('raft.persist.p95', 'highest'),
    ),
  ];
  return [...process, ...(role === 'peer' ? peer : role === 'orderer' ? orderer : []), ...others];

  function line(
    name: MetricName,
    title: string,
    unit: string,
    lines: (view: MetricsView) => readonly ChartSeries[],
    { whole = false, more = [] }: { whole?: boolean; more?: readonly MetricName[] } = {},
  ): ChartDefinition {
    const shape = whole ? 'steps' : 'lines';
    return { id: name, title, unit, shape, whole, names: [name, ...more], roles, lines };
  }
}
