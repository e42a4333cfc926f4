import type { MetricDescription, MetricName } from '../../api/metric-models';

const nodes: MetricDescription['roles'] = ['orderer', 'peer'];
const peers: MetricDescription['roles'] = ['peer'];
const orderers: MetricDescription['roles'] = ['orderer'];

/** What a ledger does with a block, one after the other. */
const stages = {
  validation: {
    title: 'Block commit, validation',
    fabric: 'ledger_block_processing_time',
    description: 'Average time of a block’s check against state: read conflicts, phantoms.',
  },
  storage: {
    title: 'Block commit, storage',
    fabric: 'ledger_blockstorage_and_pvtdata_commit_time',
    description: 'Average time until a block and its private data were on disk.',
  },
  state: {
    title: 'Block commit, state',
    fabric: 'ledger_statedb_commit_time',
    description: 'Average time until a block’s writes were in the state database.',
  },
} as const;

/** What can be asked for. Words that are more than a title are the renderer's. */
export const metricCatalogue: readonly MetricDescription[] = [
  {
    name: 'height',
    title: 'Height of the chain',
    unit: 'blocks',
    roles: nodes,
    labels: ['channel'],
    description: 'Blocks the node has, block 0 included.',
    fabric: ['ledger_blockchain_height'],
  },
  {
    name: 'lag',
    title: 'Blocks behind',
    unit: 'blocks',
    roles: peers,
    labels: ['channel'],
    description: 'How far a peer is behind the highest peer of the channel.',
    fabric: ['ledger_blockchain_height'],
  },
  {
    name: 'transactions',
    title: 'Transactions',
    unit: 'perSecond',
    roles: peers,
    labels: ['channel', 'code', 'contract'],
    description:
      'Transactions committed by validation code. Every peer commits them all: told by one that is not behind.',
    fabric: ['ledger_transaction_count'],
  },
  {
    name: 'proposals',
    title: 'Proposals',
    unit: 'perSecond',
    roles: peers,
    labels: ['channel', 'contract'],
    description: 'Calls of contracts at a peer, evaluations included, system chaincodes left out.',
    fabric: ['endorser_proposal_duration'],
  },
  {
    name: 'proposals.failed',
    title: 'Failed proposals',
    unit: 'perSecond',
    roles: peers,
    labels: [],
    description: 'Proposals a peer refused or that the contract refused, system chaincodes left out.',
    fabric: [
      'endorser_proposal_duration',
      'endorser_proposal_validation_failures',
      'endorser_proposal_acl_failures',
      'endorser_duplicate_transaction_failures',
    ],
  },
  ...quantiles('endorsement', 'Endorsement', peers, ['channel', 'contract'], {
    description: 'Time a peer took to endorse or evaluate, by what succeeded.',
    fabric: ['endorser_proposal_duration'],
  }),
  ...quantiles('commit', 'Block commit', peers, ['channel'], {
    description:
      'Time a peer’s ledger took for a block: the sum of its three stages, each at this quantile, and so at most approximate.',
    fabric: Object.values(stages).map(({ fabric }) => fabric),
  }),
  ...(['validation', 'storage', 'state'] as const).map((stage) => ({
    name: `commit.${stage}` as const,
    title: stages[stage].title,
    unit: 'milliseconds' as const,
    roles: peers,
    labels: ['channel'],
    description: stages[stage].description,
    fabric: [stages[stage].fabric],
  })),
  {
    name: 'raft.leader',
    title: 'Leader',
    unit: 'flag',
    roles: orderers,
    labels: ['channel'],
    description: 'Whether the orderer leads the channel’s Raft group.',
    fabric: ['consensus_etcdraft_is_leader'],
  },
  {
    name: 'raft.clusterSize',
    title: 'Raft group',
    unit: 'count',
    roles: orderers,
    labels: ['channel'],
    description: 'Orderers in the channel’s Raft group.',
    fabric: ['consensus_etcdraft_cluster_size'],
  },
  {
    name: 'raft.activeNodes',
    title: 'Active in the Raft group',
    unit: 'count',
    roles: orderers,
    labels: ['channel'],
    description: 'Orderers of the group that are heard; stays 0 for some seconds after a start.',
    fabric: ['consensus_etcdraft_active_nodes'],
  },
  {
    name: 'raft.persist.p95',
    title: 'Raft log writes, 95th percentile',
    unit: 'milliseconds',
    roles: orderers,
    labels: ['channel'],
    description: 'Time until what the group agreed on was on disk. From histogram buckets, so approximate.',
    fabric: ['consensus_etcdraft_data_persist_duration'],
  },
  {
    name: 'broadcast',
    title: 'Transactions received',
    unit: 'perSecond',
    roles: orderers,
    labels: ['channel', 'status'],
    description: 'Envelopes clients sent for ordering, by the orderer’s answer.',
    fabric: ['broadcast_processed_count'],
  },
  ...quantiles('blockFill', 'Block fill', orderers, ['channel'], {
    description: 'From the first transaction of a block until it is cut: the batch timeout at most.',
    fabric: ['blockcutter_block_fill_duration'],
  }),
  {
    name: 'shim',
    title: 'Requests of contracts',
    unit: 'perSecond',
    roles: peers,
    labels: ['channel', 'contract', 'type'],
    description: 'What contracts ask of a peer while they run: reads, writes, range queries.',
    fabric: ['chaincode_shim_requests_completed'],
  },
  {
    name: 'shim.p95',
    title: 'Answers to contracts, 95th percentile',
    unit: 'milliseconds',
    roles: peers,
    labels: ['channel', 'contract'],
    description: 'Time a peer took to answer what a contract asked. From histogram buckets, so approximate.',
    fabric: ['chaincode_shim_request_duration'],
  },
  {
    name: 'gossip.known',
    title: 'Peers known by gossip',
    unit: 'count',
    roles: peers,
    labels: ['channel'],
    description: 'Peers of the channel a peer knows, itself not counted.',
    fabric: ['gossip_membership_total_peers_known'],
  },
  {
    name: 'gossip.buffer',
    title: 'Blocks waiting in gossip',
    unit: 'blocks',
    roles: peers,
    labels: ['channel'],
    description: 'Blocks a peer has received before their predecessors; growing, it falls behind.',
    fabric: ['gossip_payload_buffer_size'],
  },
  {
    name: 'connections',
    title: 'Connections',
    unit: 'count',
    roles: nodes,
    labels: [],
    description: 'gRPC connections that are open.',
    fabric: ['grpc_comm_conn_opened', 'grpc_comm_conn_closed'],
  },
  {
    name: 'log.warnings',
    title: 'Warnings logged',
    unit: 'perSecond',
    roles: nodes,
    labels: [],
    description: 'Lines at level warn.',
    fabric: ['logging_entries_written'],
  },
  {
    name: 'log.errors',
    title: 'Errors logged',
    unit: 'perSecond',
    roles: nodes,
    labels: [],
    description: 'Lines at level error and above.',
    fabric: ['logging_entries_written'],
  },
  {
    name: 'cpu',
    title: 'Processor',
    unit: 'percent',
    roles: [...nodes, 'contract'],
    labels: [],
    description: 'Processor time of the process, percent of one core.',
    fabric: [],
  },
  {
    name: 'memory',
    title: 'Memory',
    unit: 'bytes',
    roles: [...nodes, 'contract'],
    labels: [],
    description: 'Resident memory of the process.',
    fabric: [],
  },
];

function quantiles<Of extends 'endorsement' | 'commit' | 'blockFill'>(
  of: Of,
  title: string,
  roles: MetricDescription['roles'],
  labels: string[],
  { description, fabric }: Pick<MetricDescription, 'description' | 'fabric'>,
): MetricDescription[] {
  return (['p50', 'p95'] as const).map((quantile) => ({
    name: `${of}.${quantile}` as const,
    title: `${title} time, ${quantile === 'p50' ? 'median' : '95th percentile'}`,
    unit: 'milliseconds',
    roles,
    labels,
    description: `${description} From histogram buckets, so approximate.`,
    fabric,
  }));
}

/** What embedded nodes never count, because it has no meaning there. */
const notOfferedByEmbedded: ReadonlySet<MetricName> = new Set(['gossip.known', 'gossip.buffer']);

export const isOffered = (name: MetricName, program: 'embedded' | 'genuine' | 'contract'): boolean =>
  program !== 'embedded' || !notOfferedByEmbedded.has(name);
