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

const ofNode = (metric: RawMetric) => (): Kept => ({ metric, labels: {} });

/** What becomes of each series of a page. Several samples of one meaning are added up. */
function rulesFor(
  contractOf: (packageId: string) => string,
): Readonly<Record<string, (sample: Sample) => Kept>> {
  return {
    ledger_blockchain_height: ofChannel('height'),
    ledger_transaction_count: ({ labels }) => ({
      metric: 'transactions',
      labels: { channel: labels['channel'] ?? '', code: labels['validation_code'] ?? '' },
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
    ledger_block_processing_time_bucket: ({ labels }) => ({
      metric: 'commit.bucket',
      labels: { channel: labels['channel'] ?? '', le: labels['le'] ?? '' },
    }),
    consensus_etcdraft_is_leader: ofChannel('raft.leader'),
    consensus_etcdraft_cluster_size: ofChannel('raft.clusterSize'),
    consensus_etcdraft_active_nodes: ofChannel('raft.activeNodes'),
    chaincode_shim_requests_completed: ({ labels }) =>
      (labels['chaincode'] ?? '').endsWith('.syscc')
        ? undefined
        : {
            metric: 'shim',
            labels: {
              channel: labels['channel'] ?? '',
              contract: contractOf(labels['chaincode'] ?? ''),
              type: labels['type'] ?? '',
            },
          },
    gossip_membership_total_peers_known: ofChannel('gossip.known'),
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

const ifContract = (labels: Labels, kept: Kept): Kept =>
  systemChaincodes.has(labels['chaincode'] ?? '') ? undefined : kept;

const isFailedProposal = ({ name, labels }: Sample): boolean =>
  name === 'endorser_proposal_duration_count' &&
  labels['success'] === 'false' &&
  !systemChaincodes.has(labels['chaincode'] ?? '');
