import { common, peer } from '@hyperledger/fabric-protos';
import { VALID, type ValidationCode } from '../validation-code';
import type { BlockTransaction } from './block-transaction';
import type { Candidate } from './state-validation';
import { MalformedMessage } from '../strict-decoder';

const { NIL_TXACTION, INVALID_OTHER_REASON } = peer.TxValidationCode;

/**
 * The transactions that are valid so far, with their sets. One whose sets cannot be read gets its code in `codes`
 * (validation/batch_preparer.go preprocessProtoBlock).
 */
export function stateCandidates(transactions: readonly BlockTransaction[], codes: number[]): Candidate[] {
  return transactions.flatMap((transaction) => {
    const tx = transaction.position;
    if (codes[tx] !== VALID) return [];
    try {
      if (transaction.type === common.HeaderType.ENDORSER_TRANSACTION) transaction.endorsed();
    } catch (cause) {
      if (!(cause instanceof MalformedMessage)) throw cause;
      codes[tx] = NIL_TXACTION;
      return [];
    }
    try {
      return [{ tx, sets: transaction.sets() }];
    } catch (cause) {
      if (!(cause instanceof MalformedMessage)) throw cause;
      codes[tx] = INVALID_OTHER_REASON;
      return [];
    }
  });
}

/** The endorser transactions among those that are valid. */
export function validEndorsed(
  transactions: readonly BlockTransaction[],
  codes: readonly ValidationCode[],
): readonly BlockTransaction[] {
  return transactions.filter(
    ({ position, type }) => codes[position] === VALID && type === common.HeaderType.ENDORSER_TRANSACTION,
  );
}
