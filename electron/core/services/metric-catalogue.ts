import type { MetricDescription, MetricName } from '../../api/metric-models';

const nodes: MetricDescription['roles'] = ['orderer', 'peer'];
const peers: MetricDescription['roles'] = ['peer'];
const orderers: MetricDescription['roles'] = ['orderer'];

/** What can be asked for. Words that are more than a title are the renderer's. */
export const metricCatalogue: readonly MetricDescription[] = [
  {
    name: 'height',
    title: 'Height of the chain',
    unit: 'blocks',
    roles: nodes,
    labels: ['channel'],
    description: 'Blocks the node has, block 0 included.',
  },
  {
    name: 'lag',
    title: 'Blocks behind',
    unit: 'blocks',
    roles: peers,
    labels: ['channel'],
    description: 'How far a peer is behind the highest peer of the channel.',
  },
  {
    name: 'transactions',
    title: 'Transactions',
    unit: 'perSecond',
    roles: peers,
    labels: ['channel', 'code'],
    description:
      'Transactions committed by validation code. Every peer commits them all: the highest rate any of them reports.',
  },
  {
    name: 'proposals',
    title: 'Proposals',
    unit: 'perSecond',
    roles: peers,
    labels: ['channel', 'contract'],
    description: 'Calls of contracts at a peer, evaluations included, system chaincodes left out.',
  },
  {
    name: 'proposals.failed',
    title: 'Failed proposals',
    unit: 'perSecond',
    roles: peers,
    labels: [],
    description: 'Proposals a peer refused or that the contract refused, system chaincodes left out.',
  },
  ...quantiles(
    'endorsement',
    'Endorsement',
    ['channel', 'contract'],
    'Time a peer took to endorse or evaluate.',
  ),
  ...quantiles('commit', 'Commit', ['channel'], 'Time a peer took for a block, validation included.'),
  {
    name: 'raft.leader',
    title: 'Leader',
    unit: 'flag',
    roles: orderers,
    labels: ['channel'],
    description: 'Whether the orderer leads the channel’s Raft group.',
  },
  {
    name: 'raft.clusterSize',
    title: 'Raft group',
    unit: 'count',
    roles: orderers,
    labels: ['channel'],
    description: 'Orderers in the channel’s Raft group.',
  },
  {
    name: 'raft.activeNodes',
    title: 'Active in the Raft group',
    unit: 'count',
    roles: orderers,
    labels: ['channel'],
    description: 'Orderers of the group that are heard; stays 0 for some seconds after a start.',
  },
  {
    name: 'shim',
    title: 'Requests of contracts',
    unit: 'perSecond',
    roles: peers,
    labels: ['channel', 'contract', 'type'],
    description: 'What contracts ask of a peer while they run: reads, writes, range queries.',
  },
  {
    name: 'gossip.known',
    title: 'Peers known by gossip',
    unit: 'count',
    roles: peers,
    labels: ['channel'],
    description: 'Peers of the channel a peer knows, itself not counted.',
  },
  {
    name: 'connections',
    title: 'Connections',
    unit: 'count',
    roles: nodes,
    labels: [],
    description: 'gRPC connections that are open.',
  },
  {
    name: 'log.warnings',
    title: 'Warnings logged',
    unit: 'perSecond',
    roles: nodes,
    labels: [],
    description: 'Lines at level warn.',
  },
  {
    name: 'log.errors',
    title: 'Errors logged',
    unit: 'perSecond',
    roles: nodes,
    labels: [],
    description: 'Lines at level error and above.',
  },
  {
    name: 'cpu',
    title: 'Processor',
    unit: 'percent',
    roles: [...nodes, 'contract'],
    labels: [],
    description: 'Processor time of the process, percent of one core.',
  },
  {
    name: 'memory',
    title: 'Memory',
    unit: 'bytes',
    roles: [...nodes, 'contract'],
    labels: [],
    description: 'Resident memory of the process.',
  },
];

function quantiles(
  of: 'endorsement' | 'commit',
  title: string,
  labels: string[],
  description: string,
): MetricDescription[] {
  return (['p50', 'p95'] as const).map((quantile) => ({
    name: `${of}.${quantile}` as const,
    title: `${title} time, ${quantile === 'p50' ? 'median' : '95th percentile'}`,
    unit: 'milliseconds',
    roles: peers,
    labels,
    description: `${description} From histogram buckets, so approximate.`,
  }));
}

/** What embedded nodes never count, because it has no meaning there. */
const notOfferedByEmbedded: ReadonlySet<MetricName> = new Set(['gossip.known']);

export const isOffered = (name: MetricName, program: 'embedded' | 'genuine' | 'contract'): boolean =>
  program !== 'embedded' || !notOfferedByEmbedded.has(name);
