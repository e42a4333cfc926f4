import { seriesKey } from '../../core/ports/metrics';
import type { Labels, NodeReading, RawMetric } from '../../core/ports/metrics';
import { parseExposition } from './exposition';
import type { Sample } from './exposition';

/** A page may not make the console keep more than this of one node. */
const MOST_SERIES = 2_000;

/** The console's own questions go to these; they would drown what contracts do. */
const systemChaincodes = new Set(['qscc', 'cscc', 'lscc', '_lifecycle']);

type Kept = { readonly metric: RawMetric; readonly labels: Labels; readonly value?: number } | undefined;

/** Labels of a channel's gauge or counter. */
const ofChannel =
  (metric: RawMetric) =>
  ({ labels }: Sample): Kept => ({ metric, labels: { channel: labels['channel'] ?? '' } });

const ofBucket =
  (metric: RawMetric) =>
  ({ labels }: Sample): Kept => ({
    metric,
    labels: { channel: labels['channel'] ?? '', le: labels['le'] ?? '' },
  });

/** The three parts of one stage's histogram. */
function ofBlocks(stage: string, name: string): Record<string, (sample: Sample) => Kept> {
  const part =
    (metric: RawMetric) =>
    ({ labels: { channel = '', le } }: Sample): Kept => ({
      metric,
      labels: le === undefined ? { channel, stage } : { channel, stage, le },
    });
  return {
    [`${name}_bucket`]: part('block.bucket'),
    [`${name}_sum`]: part('block.seconds'),
    [`${name}_count`]: part('block.count'),
  };
}

const ofNode = (metric: RawMetric) => (): Kept => ({ metric, labels: {} });

/** What becomes of each series of a page. Several samples of one meaning are added up. */
function rulesFor(
  contractOf: (packageId: string) => string,
): Readonly<Record<string, (sample: Sample) => Kept>> {
  const asked = (labels: Labels): Labels => ({
    channel: labels['channel'] ?? '',
    contract: contractOf(labels['chaincode'] ?? ''),
  });
  return {
    ledger_blockchain_height: ofChannel('height'),
    ledger_transaction_count: ({ labels }) => ({
      metric: 'transactions',
      labels: {
        channel: labels['channel'] ?? '',
        code: labels['validation_code'] ?? '',
        contract: contractOfVersion(labels['chaincode'] ?? ''),
      },
    }),
    endorser_proposal_duration_count: ({ labels }) =>
      ifContract(labels, { metric: 'proposals', labels: endorsed(labels) }),
    endorser_proposal_duration_bucket: ({ labels }) =>
      labels['success'] === 'true'
        ? ifContract(labels, {
            metric: 'endorsement.bucket',
            labels: { ...endorsed(labels), le: labels['le'] ?? '' },
          })
        : undefined,
    endorser_proposal_validation_failures: ofNode('proposals.failed'),
    endorser_proposal_acl_failures: ({ labels }) =>
      ifContract(labels, { metric: 'proposals.failed', labels: {} }),
    endorser_duplicate_transaction_failures: ofNode('proposals.failed'),
    // Once a peer has received a proposal, "none failed" is known and no longer merely unsaid.
    endorser_proposals_received: () => ({ metric: 'proposals.failed', labels: {}, value: 0 }),
    // What is called processing is the check against state alone; three stages make a commit.
    ...ofBlocks('validation', 'ledger_block_processing_time'),
    ...ofBlocks('storage', 'ledger_blockstorage_and_pvtdata_commit_time'),
    ...ofBlocks('state', 'ledger_statedb_commit_time'),
    consensus_etcdraft_is_leader: ofChannel('raft.leader'),
    consensus_etcdraft_cluster_size: ofChannel('raft.clusterSize'),
    consensus_etcdraft_active_nodes: ofChannel('raft.activeNodes'),
    consensus_etcdraft_data_persist_duration_bucket: ofBucket('raft.persist.bucket'),
    blockcutter_block_fill_duration_bucket: ofBucket('blockFill.bucket'),
    broadcast_processed_count: ({ labels }) => ({
      metric: 'broadcast',
      labels: { channel: labels['channel'] ?? '', status: labels['status'] ?? '' },
    }),
    chaincode_shim_requests_completed: ({ labels }) =>
      ifNoSystemContract(labels, {
        metric: 'shim',
        labels: { ...asked(labels), type: labels['type'] ?? '' },
      }),
    chaincode_shim_request_duration_bucket: ({ labels }) =>
      ifNoSystemContract(labels, {
        metric: 'shim.bucket',
        labels: { ...asked(labels), le: labels['le'] ?? '' },
      }),
    gossip_membership_total_peers_known: ofChannel('gossip.known'),
    gossip_payload_buffer_size: ofChannel('gossip.buffer'),
    grpc_comm_conn_opened: ofNode('connections'),
    grpc_comm_conn_closed: ({ value }) => ({ metric: 'connections', labels: {}, value: -value }),
  };
}

/**
 * What is kept of a node's page. `contractOf` tells the contract of a package id, as the shim's series name it.
 * Throws ExpositionError.
 */
export function readPage(page: string, contractOf: (packageId: string) => string): NodeReading {
  const rules = rulesFor(contractOf);
  const values = new Map<string, number>();
  let startedAt: number | null = null;
  const add = (metric: RawMetric, labels: Labels, value: number) => {
    const key = seriesKey(metric, labels);
    if (values.size < MOST_SERIES || values.has(key)) values.set(key, (values.get(key) ?? 0) + value);
  };
  const isWanted = (name: string) =>
    Object.hasOwn(rules, name) || name === 'process_start_time_seconds' || name === 'logging_entries_written';
  for (const sample of parseExposition(page, isWanted)) {
    if (!Number.isFinite(sample.value)) continue;
    if (sample.name === 'process_start_time_seconds') startedAt = sample.value;
    else if (sample.name === 'logging_entries_written') {
      // One level that was counted says of the others that they were not.
      const { level = '' } = sample.labels;
      add('log.warnings', {}, level === 'warn' ? sample.value : 0);
      add('log.errors', {}, ['error', 'panic', 'fatal', 'dpanic'].includes(level) ? sample.value : 0);
    } else {
      const kept = rules[sample.name]?.(sample);
      if (kept) add(kept.metric, kept.labels, kept.value ?? sample.value);
      if (isFailedProposal(sample)) add('proposals.failed', {}, sample.value);
    }
  }
  return { startedAt, values };
}

const endorsed = (labels: Labels): Labels => ({
  channel: labels['channel'] ?? '',
  contract: labels['chaincode'] ?? '',
});

/** Of `name:version`; what Fabric says of transactions that are no contract's is left out. */
function contractOfVersion(chaincode: string): string {
  const name = chaincode.split(':')[0] ?? '';
  return name === 'unknown' ? '' : name;
}

const ifNoSystemContract = (labels: Labels, kept: Kept): Kept =>
  (labels['chaincode'] ?? '').endsWith('.syscc') ? undefined : kept;

const ifContract = (labels: Labels, kept: Kept): Kept =>
  systemChaincodes.has(labels['chaincode'] ?? '') ? undefined : kept;

const isFailedProposal = ({ name, labels }: Sample): boolean =>
  name === 'endorser_proposal_duration_count' &&
  labels['success'] === 'false' &&
  !systemChaincodes.has(labels['chaincode'] ?? '');
