import { common } from '@hyperledger/fabric-protos';
import { VALID, validationCodeName, type ValidationCode } from '../../../protocol/validation-code';
import { secondsSince, type Metrics } from '../../node/metrics';
import type { BlockTransaction } from '../../../protocol/validation/block-transaction';

/** Buckets of Fabric's ledger timings, seconds (core/ledger/kvledger/metrics.go). */
const BUCKETS = [0.005, 0.01, 0.015, 0.05, 0.1, 1, 10];

const transactionLabels = ['channel', 'transaction_type', 'chaincode', 'validation_code'] as const;

export type LedgerMetrics = ReturnType<typeof ledgerMetrics>;

/** The ledger metrics of a peer, shared by all its channels. */
export function ledgerMetrics(metrics: Metrics) {
  const timing = (name: string, help: string) => metrics.histogram(name, help, ['channel'], BUCKETS);
  return {
    height: metrics.gauge('ledger_blockchain_height', 'Height of the chain in blocks.', ['channel']),
    transactions: metrics.counter(
      'ledger_transaction_count',
      'Number of transactions processed.',
      transactionLabels,
    ),
    processing: timing('ledger_block_processing_time', 'Time taken in seconds for ledger block processing.'),
    storage: timing(
      'ledger_blockstorage_and_pvtdata_commit_time',
      'Time taken in seconds for committing the block and private data to storage.',
    ),
    blockStorage: timing(
      'ledger_blockstorage_commit_time',
      'Time taken in seconds for committing the block to storage.',
    ),
    state: timing(
      'ledger_statedb_commit_time',
      'Time taken in seconds for committing block changes to state db.',
    ),
  };
}

/** A block just committed, with readings of process.hrtime.bigint() on the way. */
export interface MeasuredCommit {
  readonly channel: string;
  readonly height: number;
  readonly transactions: readonly BlockTransaction[];
  /** Codes before and after validation against state. */
  readonly checked: readonly ValidationCode[];
  readonly codes: readonly ValidationCode[];
  readonly times: {
    readonly started: bigint;
    readonly processed: bigint;
    readonly storing: bigint;
    readonly stored: bigint;
  };
}

export function recordCommit(metrics: LedgerMetrics, commit: MeasuredCommit): void {
  const { channel, height, transactions, checked, codes, times } = commit;
  const seconds = (from: bigint, to: bigint): number => Number(to - from) / 1e9;
  metrics.processing.observe({ channel }, seconds(times.started, times.processed));
  metrics.storage.observe({ channel }, seconds(times.processed, times.stored));
  metrics.blockStorage.observe({ channel }, seconds(times.storing, times.stored));
  metrics.state.observe({ channel }, secondsSince(times.stored));
  metrics.height.set({ channel }, height);
  for (const transaction of transactions) {
    const { position } = transaction;
    const code = codes[position];
    if (code === undefined) continue;
    const labels = describe(transaction, checked[position] === VALID);
    metrics.transactions.add({ channel, ...labels, validation_code: validationCodeName(code) });
  }
}

/** Labels of ledger_transaction_count; genuine peers look into a transaction only once its endorsements hold. */
function describe(
  transaction: BlockTransaction,
  endorsed: boolean,
): { transaction_type: string; chaincode: string } {
  const unknown = { transaction_type: 'unknown', chaincode: 'unknown' };
  if (!endorsed || transaction.type === undefined) return unknown;
  const name =
    Object.entries(common.HeaderType).find(([, type]) => type === transaction.type)?.[0] ?? 'unknown';
  if (transaction.type !== common.HeaderType.ENDORSER_TRANSACTION)
    return { ...unknown, transaction_type: name };
  const { chaincodeId } = transaction.endorsed().action;
  return {
    transaction_type: name,
    chaincode: chaincodeId === undefined ? 'unknown' : `${chaincodeId.name}:${chaincodeId.version}`,
  };
}
