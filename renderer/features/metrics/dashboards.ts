import type { MetricName } from '../../../electron/api/metric-models';
import type { ChartDefinition } from '../../charts/chart-definition';
import type { ChartSeries } from '../../charts/chart-model';
import { asOne, byLabel, byNode, byOrganization, combined, seriesNamed } from '../../charts/metric-selection';
import type { Combination, MetricsView } from '../../charts/metric-selection';
import { processDefinitions } from '../../charts/process-definitions';
import { shortChannelName } from '../../network/membership';
import { codeColor, codeLabel, failures, noFailures } from './validation-codes';
import type { MetricTab } from './search';

const VALID = 'VALID';

const accent = (label: string, stroke: ChartSeries['stroke'] = 'solid') =>
  ({ label, color: 'accent', stroke }) as const;

const where = ({ channel }: MetricsView): string =>
  channel === undefined ? 'all channels' : shortChannelName(channel);

/** Median and 95th percentile of whoever is slowest. */
const slowest = (of: 'commit' | 'blockFill', color: ChartSeries['color']) => (view: MetricsView) => [
  ...asOne(view, `${of}.p50`, 'highest', { label: 'median', color, stroke: 'solid' }),
  ...asOne(view, `${of}.p95`, 'highest', { label: '95th percentile', color, stroke: 'dashed' }),
];

function committed(view: MetricsView): ChartSeries[] {
  const valid = seriesNamed(view, 'transactions').filter(({ labels }) => labels['code'] === VALID);
  const values = combined(
    valid.map((one) => one.values),
    'sum',
  );
  return valid.length === 0 ? [] : [{ id: 'committed', ...accent(where(view)), values }];
}

const blockFill: ChartDefinition = {
  id: 'block-fill',
  title: 'Block fill',
  unit: 'ms, from first transaction to cut',
  shape: 'lines',
  names: ['blockFill.p95', 'blockFill.p50'],
  roles: ['orderer'],
  lines: slowest('blockFill', 'accent'),
};

/** One line for each channel, all in the accent: channels have no colours of their own. */
const byChannel = (name: MetricName, how: Combination) => (view: MetricsView) =>
  byLabel(view, name, 'channel', how, () => 'accent', shortChannelName);

const network: ChartDefinition[] = [
  {
    id: 'committed',
    title: 'Committed',
    unit: 'tx/s, valid',
    shape: 'area',
    names: ['transactions'],
    roles: ['peer'],
    lines: committed,
  },
  {
    id: 'commit-latency',
    title: 'Block commit',
    unit: 'ms after ordering, slowest peer',
    shape: 'lines',
    names: ['commit.p95', 'commit.p50'],
    roles: ['peer'],
    lines: slowest('commit', 'accent'),
  },
  {
    id: 'failed-validation',
    title: 'Failed validation',
    unit: 'tx/s by code',
    shape: 'bars',
    names: ['transactions'],
    roles: ['peer'],
    lines: (view) => byLabel(failures(view), 'transactions', 'code', 'sum', codeColor, codeLabel),
    absence: noFailures,
  },
  {
    id: 'lag',
    title: 'Height lag',
    unit: 'blocks, worst peer of each organization',
    shape: 'steps',
    whole: true,
    names: ['lag'],
    roles: ['peer'],
    lines: (view) => byOrganization(view, 'lag', 'highest'),
  },
  {
    id: 'endorsement',
    title: 'Endorsement',
    unit: 'ms, 95th percentile by organization',
    shape: 'lines',
    names: ['endorsement.p95'],
    roles: ['peer'],
    lines: (view) => byOrganization(view, 'endorsement.p95', 'highest'),
  },
  {
    id: 'block-commit',
    title: 'Stages of block commit',
    unit: 'ms, average of all peers',
    shape: 'lines',
    names: ['commit.storage', 'commit.state', 'commit.validation'],
    roles: ['peer'],
    lines: (view) => [
      ...asOne(view, 'commit.storage', 'average', accent('storage')),
      ...asOne(view, 'commit.state', 'average', { label: 'state', color: 'neutral', stroke: 'solid' }),
      ...asOne(view, 'commit.validation', 'average', {
        label: 'validation',
        color: 'neutral',
        stroke: 'dashed',
      }),
    ],
  },
  {
    id: 'gossip',
    title: 'Peers known by gossip',
    unit: 'fewest of each organization',
    shape: 'steps',
    whole: true,
    names: ['gossip.known'],
    roles: ['peer'],
    lines: (view) => byOrganization(view, 'gossip.known', 'lowest'),
  },
  blockFill,
  ...processDefinitions('organization', ['orderer', 'peer', 'contract']),
];

const peers: ChartDefinition[] = [
  {
    id: 'height',
    title: 'Ledger height',
    unit: 'blocks, highest of all peers',
    shape: 'steps',
    whole: true,
    names: ['height'],
    roles: ['peer'],
    lines: byChannel('height', 'highest'),
  },
  ofEachPeer('lag', 'Height lag', 'blocks, worst channel', 'lag', 'highest', true),
  ofEachPeer('commit-latency', 'Block commit', 'ms, 95th percentile', 'commit.p95', 'highest'),
  ofEachPeer('endorsement', 'Endorsement', 'ms, 95th percentile', 'endorsement.p95', 'highest'),
  ofEachPeer('proposals', 'Proposals', 'per second', 'proposals', 'sum'),
  ofEachPeer('proposals-failed', 'Failed proposals', 'per second', 'proposals.failed', 'sum'),
  ofEachPeer('gossip', 'Peers known by gossip', 'fewest of its channels', 'gossip.known', 'lowest', true),
  ofEachPeer('gossip-buffer', 'Waiting in gossip', 'blocks', 'gossip.buffer', 'highest', true),
  ...processDefinitions('node', ['peer']),
];

function ofEachPeer(
  id: string,
  title: string,
  unit: string,
  name: MetricName,
  how: Combination,
  whole = false,
): ChartDefinition {
  const shape = whole ? 'steps' : 'lines';
  return {
    id,
    title,
    unit,
    shape,
    whole,
    names: [name],
    roles: ['peer'],
    lines: (view) => byNode(view, name, how),
  };
}

const orderer: ChartDefinition[] = [
  {
    id: 'height',
    title: 'Ledger height',
    unit: 'blocks by channel',
    shape: 'steps',
    whole: true,
    names: ['height'],
    roles: ['orderer'],
    lines: byChannel('height', 'highest'),
  },
  {
    id: 'leader',
    title: 'Raft leader',
    unit: 'channels led, by orderer',
    shape: 'steps',
    whole: true,
    names: ['raft.leader'],
    roles: ['orderer'],
    lines: (view) => byNode(view, 'raft.leader', 'sum'),
  },
  {
    id: 'raft-group',
    title: 'Raft group',
    unit: 'orderers, smallest of the channels',
    shape: 'steps',
    whole: true,
    names: ['raft.clusterSize', 'raft.activeNodes'],
    roles: ['orderer'],
    lines: (view) => [
      ...asOne(view, 'raft.clusterSize', 'lowest', accent('members')),
      ...asOne(view, 'raft.activeNodes', 'lowest', accent('active', 'dashed')),
    ],
  },
  {
    id: 'broadcast',
    title: 'Transactions received',
    unit: 'per second by answer',
    shape: 'lines',
    names: ['broadcast'],
    roles: ['orderer'],
    lines: (view) =>
      byLabel(
        view,
        'broadcast',
        'status',
        'sum',
        (status) => (status === 'SUCCESS' ? 'accent' : 'danger'),
        (status) => status.toLowerCase().replaceAll('_', ' '),
      ),
  },
  blockFill,
  {
    id: 'raft-writes',
    title: 'Raft log writes',
    unit: 'ms, 95th percentile by channel',
    shape: 'lines',
    names: ['raft.persist.p95'],
    roles: ['orderer'],
    lines: byChannel('raft.persist.p95', 'highest'),
  },
  ...processDefinitions('node', ['orderer']),
];

/** In the colour of the organization whose process runs it. */
const byContract = (name: MetricName, how: Combination) => (view: MetricsView) =>
  byLabel(view, name, 'contract', how, (contract) => {
    const owner = view.network.find((node) => node.contract?.name === contract);
    return owner ? { organization: owner.organization } : 'neutral';
  });

/** Transactions of contracts with one code or with all others. */
const ofContracts = (view: MetricsView, valid: boolean): MetricsView => ({
  ...view,
  answer: {
    ...view.answer,
    series: view.answer.series.filter(
      ({ name, labels }) =>
        name !== 'transactions' ||
        ((labels['code'] === VALID) === valid &&
          labels['contract'] !== '' &&
          labels['contract'] !== '_lifecycle'),
    ),
  },
});

const contracts: ChartDefinition[] = [
  {
    id: 'contract-transactions',
    title: 'Transactions',
    unit: 'tx/s, valid, by contract',
    shape: 'lines',
    names: ['transactions'],
    roles: ['peer'],
    lines: (view) => byContract('transactions', 'sum')(ofContracts(view, true)),
  },
  {
    id: 'contract-failures',
    title: 'Failed validation',
    unit: 'tx/s by contract',
    shape: 'bars',
    names: ['transactions'],
    roles: ['peer'],
    lines: (view) => byContract('transactions', 'sum')(ofContracts(failures(view), false)),
    absence: noFailures,
  },
  ofEachContract('contract-proposals', 'Proposals', 'per second, evaluations too', 'proposals', 'sum'),
  ofEachContract('contract-p50', 'Endorsement median', 'ms, slowest peer', 'endorsement.p50', 'highest'),
  ofEachContract('contract-p95', 'Endorsement p95', 'ms, slowest peer', 'endorsement.p95', 'highest'),
  ofEachContract('shim', 'Requests to peers', 'per second by contract', 'shim', 'sum'),
  {
    id: 'shim-kinds',
    title: 'Requests by kind',
    unit: 'per second',
    shape: 'lines',
    names: ['shim'],
    roles: ['peer'],
    lines: (view) =>
      byLabel(
        view,
        'shim',
        'type',
        'sum',
        (type) => (type.startsWith('GET_') ? 'accent' : 'neutral'),
        (type) => type.toLowerCase().replaceAll('_', ' '),
      ),
  },
  ofEachContract('shim-latency', 'Answers to contracts', 'ms, 95th percentile', 'shim.p95', 'highest'),
  ...processDefinitions('node', ['contract']),
];

function ofEachContract(
  id: string,
  title: string,
  unit: string,
  name: MetricName,
  how: Combination,
): ChartDefinition {
  return { id, title, unit, shape: 'lines', names: [name], roles: ['peer'], lines: byContract(name, how) };
}

export const dashboards: Readonly<Record<MetricTab, readonly ChartDefinition[]>> = {
  network,
  peers,
  orderer,
  contracts,
};
