import type { ChannelConfig } from '../channel-config';
import { VALID, type ValidationCode } from '../validation-code';
import type { BlockTransaction } from '../validation/block-transaction';
import { validateMessage } from '../validation/message-validation';
import { failsAsRecorded, notCheckable, type Check } from './check';
import { checkOutcome } from './outcome-checks';
import type { Outcome } from './recomputation';
import { checkTransaction } from './transaction-checks';
import type { VerifiedTransaction } from './verified';

export interface BlockTransactions {
  readonly number: number;
  readonly transactions: readonly BlockTransaction[];
  readonly filter: Uint8Array;
  /** Whether the transactions are known not to be those of the block. */
  readonly altered: boolean;
}

/**
 * @param config in force before the block; a text says why it is not known
 * @param outcome what a committing peer makes of the block; a text says why that is not known
 */
export function verifyTransactions(
  block: BlockTransactions,
  config: ChannelConfig | string,
  outcome: Outcome | string,
): VerifiedTransaction[] {
  return block.transactions.map((transaction) => verifyTransaction(transaction, block, config, outcome));
}

function verifyTransaction(
  transaction: BlockTransaction,
  { number, filter, altered }: BlockTransactions,
  config: ChannelConfig | string,
  outcome: Outcome | string,
): VerifiedTransaction {
  const { position, txId: id, type } = transaction;
  const recorded = filter[position];
  const described = { position, id, type, recorded };
  if (typeof config === 'string') {
    const checks = [notCheckable('validation code', config)];
    return { ...described, recomputed: undefined, checks, staleRead: undefined, policyFailure: undefined };
  }
  const genesis = number === 0;
  const decided = typeof outcome === 'string' ? undefined : outcome;
  const form = decided?.codes[position] ?? (genesis ? VALID : validateMessage(transaction, config));
  const own = checkTransaction(transaction, {
    config,
    genesis,
    recomputed: form,
    provenEndorsers: decided?.provenEndorsers.get(position),
  });
  const failures = own.filter(({ verdict }) => verdict === 'fails');
  const recomputed = decidedCode(decided, position, form);
  return {
    ...described,
    recomputed,
    checks: [
      ...(recorded === recomputed ? own.map(asRecorded) : own),
      ...checkOutcome(transaction, { recorded, outcome, form, failures, altered }),
    ],
    staleRead: decided?.staleReads.get(position),
    policyFailure: decided?.policyFailures.get(position),
  };
}

/** Without state only what form and signatures refuse is decided. */
function decidedCode(
  outcome: Outcome | undefined,
  position: number,
  form: ValidationCode,
): ValidationCode | undefined {
  if (outcome !== undefined) return outcome.codes[position];
  return form === VALID ? undefined : form;
}

/** Peers came to the same code, so the ledger claims nothing else. */
const asRecorded = (check: Check): Check =>
  check.verdict === 'fails' ? failsAsRecorded(check.check, check.reason) : check;
