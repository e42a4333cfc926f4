import { common, peer } from '@hyperledger/fabric-protos';
import { isValidationCode, VALID, validationCodeName } from '../validation-code';
import type { BlockTransaction } from '../validation/block-transaction';
import type { StaleRead } from '../validation/state-validation';
import { fails, failsAsRecorded, holds, notCheckable, type Check } from './check';
import type { Outcome } from './recomputation';

const { MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT } = peer.TxValidationCode;

/** Codes of transactions whose endorsements were found to suffice. */
const ENDORSED: ReadonlySet<number> = new Set([VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT]);

export interface RecordedOutcome {
  /** Undefined in a block no peer has validated. */
  readonly recorded: number | undefined;
  /** A text says why nothing could be recomputed. */
  readonly outcome: Outcome | string;
  /** What form and signatures alone decide, where no more could be recomputed. */
  readonly form: number;
  /** Failures of the transaction's own checks. */
  readonly failures: readonly Check[];
  /** Whether the block's transactions are known not to be those it was made of. */
  readonly altered: boolean;
}

/** The checks of a transaction that need the chain before it. */
export function checkOutcome(transaction: BlockTransaction, found: RecordedOutcome): Check[] {
  const code = checkCode(transaction, found);
  if (transaction.type !== common.HeaderType.ENDORSER_TRANSACTION) return [code];
  return [checkPolicy(transaction, found), checkReads(transaction, found), code];
}

function checkPolicy({ position }: BlockTransaction, { outcome, form }: RecordedOutcome): Check {
  const check = 'endorsement policy';
  if (typeof outcome === 'string') return notCheckable(check, form === VALID ? outcome : cameFirst(form));
  const failure = outcome.policyFailures.get(position);
  if (failure !== undefined) return failsAsRecorded(check, failure.message);
  const code = outcome.codes[position];
  if (code === undefined || !ENDORSED.has(code)) return notCheckable(check, cameFirst(code));
  return holds(check, 'the endorsements suffice for everything it writes');
}

function checkReads({ position }: BlockTransaction, { outcome, form }: RecordedOutcome): Check {
  const check = 'reads';
  if (typeof outcome === 'string') return notCheckable(check, form === VALID ? outcome : cameFirst(form));
  const stale = outcome.staleReads.get(position);
  if (stale !== undefined) return failsAsRecorded(check, staleReadInWords(stale));
  const code = outcome.codes[position];
  return code === VALID
    ? holds(check, 'everything it read was still so')
    : notCheckable(check, cameFirst(code));
}

const cameFirst = (code: number | undefined): string =>
  `not looked at: ${code === undefined ? 'something else' : validationCodeName(code)} came first`;

function checkCode(
  { position }: BlockTransaction,
  { recorded, outcome, form, failures, altered }: RecordedOutcome,
): Check {
  const check = 'validation code';
  if (recorded === undefined) {
    return notCheckable(
      check,
      'the block has no code for it: it was read from an orderer, or its filter is cut short',
    );
  }
  const name = validationCodeName(recorded);
  if (!isValidationCode(recorded)) return fails(check, `the filter says ${name}, which Fabric does not know`);
  const found = typeof outcome === 'string' ? form : outcome.codes[position];
  if (found === recorded && (typeof outcome !== 'string' || form !== VALID)) return holds(check, name);
  if (typeof outcome === 'string' && form === VALID) return notCheckable(check, outcome);
  if (failures.length > 0) {
    const [first] = failures;
    return notCheckable(check, `these are not the bytes peers decided about (${first?.check ?? ''} fails)`);
  }
  if (altered) return notCheckable(check, 'the transactions are not those of the block');
  return fails(check, `the filter says ${name}, the chain says ${validationCodeName(found ?? VALID)}`);
}

/** A read that no longer held when its transaction was committed. */
export function staleReadInWords(stale: StaleRead): string {
  const { namespace, read } = stale;
  if (stale.kind === 'range') {
    const { startKey, endKey } = stale.query;
    const range = `the range from ${quoted(startKey) || 'the first key'} to ${quoted(endKey) || 'the last'} of ${namespace}`;
    return stale.key === undefined ? `${range} changed` : `${range} changed at ${quoted(stale.key)}`;
  }
  const place = stale.collection === undefined ? namespace : `collection ${stale.collection} of ${namespace}`;
  const key = stale.collection === undefined ? quoted(stale.key) : `the key with hash ${stale.key}`;
  return `${key} of ${place} was read ${versionInWords(read)}; at commit it was ${versionInWords(stale.found)}`;
}

/** Keys may hold characters that do not show. */
const quoted = (key: string): string => (key === '' ? '' : JSON.stringify(key));

const versionInWords = (version: { block: number; tx: number } | undefined): string =>
  version === undefined ? 'absent' : `as block ${version.block}, transaction ${version.tx}, wrote it`;
