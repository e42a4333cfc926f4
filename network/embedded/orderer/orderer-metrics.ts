/** The orderer's series, named and labelled as genuine ones (orderer/…/metrics.go). */
import type { Metrics } from '../node/metrics';

export type OrdererMetrics = ReturnType<typeof ordererMetrics>;

/** Values of participation_status. */
export const PARTICIPATION_STATUS = { inactive: 0, active: 1, onboarding: 2, failed: 3 } as const;
/** Values of participation_consensus_relation. */
export const CONSENSUS_RELATION = { other: 0, consenter: 1, follower: 2, 'config-tracker': 3 } as const;

/** Buckets of the ledger's histograms (core/ledger/…/metrics.go), seconds. */
const LEDGER_BUCKETS = [0.005, 0.01, 0.015, 0.05, 0.1, 1, 10] as const;

export function ordererMetrics(metrics: Metrics) {
  const channel = ['channel'] as const;
  const broadcast = ['channel', 'type', 'status'] as const;
  const deliver = ['channel', 'filtered', 'data_type'] as const;
  return {
    blockFillDuration: metrics.histogram(
      'blockcutter_block_fill_duration',
      'The time from first transaction enqueing to the block being cut in seconds.',
      channel,
    ),
    broadcast: {
      validateDuration: metrics.histogram(
        'broadcast_validate_duration',
        'The time to validate a transaction in seconds.',
        broadcast,
      ),
      enqueueDuration: metrics.histogram(
        'broadcast_enqueue_duration',
        'The time to enqueue a transaction in seconds.',
        broadcast,
      ),
      processedCount: metrics.counter(
        'broadcast_processed_count',
        'The number of transactions processed.',
        broadcast,
      ),
    },
    deliver: {
      streamsOpened: metrics.counter(
        'deliver_streams_opened',
        'The number of GRPC streams that have been opened for the deliver service.',
      ),
      streamsClosed: metrics.counter(
        'deliver_streams_closed',
        'The number of GRPC streams that have been closed for the deliver service.',
      ),
      requestsReceived: metrics.counter(
        'deliver_requests_received',
        'The number of deliver requests that have been received.',
        deliver,
      ),
      requestsCompleted: metrics.counter(
        'deliver_requests_completed',
        'The number of deliver requests that have been completed.',
        [...deliver, 'success'] as const,
      ),
      blocksSent: metrics.counter(
        'deliver_blocks_sent',
        'The number of blocks sent by the deliver service.',
        deliver,
      ),
    },
    raft: {
      clusterSize: metrics.gauge(
        'consensus_etcdraft_cluster_size',
        'Number of nodes in this channel.',
        channel,
      ),
      activeNodes: metrics.gauge(
        'consensus_etcdraft_active_nodes',
        'Number of active nodes in this channel.',
        channel,
      ),
      isLeader: metrics.gauge(
        'consensus_etcdraft_is_leader',
        'The leadership status of the current node: 1 if it is the leader else 0.',
        channel,
      ),
      leaderChanges: metrics.counter(
        'consensus_etcdraft_leader_changes',
        'The number of leader changes since process start.',
        channel,
      ),
      committedBlockNumber: metrics.gauge(
        'consensus_etcdraft_committed_block_number',
        'The block number of the latest block committed.',
        channel,
      ),
      proposalFailures: metrics.counter(
        'consensus_etcdraft_proposal_failures',
        'The number of proposal failures.',
        channel,
      ),
      normalProposalsReceived: metrics.counter(
        'consensus_etcdraft_normal_proposals_received',
        'The total number of proposals received for normal type transactions.',
        channel,
      ),
      configProposalsReceived: metrics.counter(
        'consensus_etcdraft_config_proposals_received',
        'The total number of proposals received for config type transactions.',
        channel,
      ),
      dataPersistDuration: metrics.histogram(
        'consensus_etcdraft_data_persist_duration',
        'The time taken for etcd/raft data to be persisted in storage (in seconds).',
        channel,
      ),
    },
    ledger: {
      blockchainHeight: metrics.gauge('ledger_blockchain_height', 'Height of the chain in blocks.', channel),
      blockstorageCommitTime: metrics.histogram(
        'ledger_blockstorage_commit_time',
        'Time taken in seconds for committing the block to storage.',
        channel,
        LEDGER_BUCKETS,
      ),
    },
    participation: {
      status: metrics.gauge(
        'participation_status',
        'The channel participation status of the node: 0 if inactive, 1 if active, 2 if onboarding, 3 if failed.',
        channel,
      ),
      consensusRelation: metrics.gauge(
        'participation_consensus_relation',
        'The channel participation consensus relation of the node: 0 if other, 1 if consenter, 2 if follower, 3 if config-tracker.',
        channel,
      ),
    },
  };
}
