export interface ValidationWords {
  readonly detail: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const words: Readonly<Record<string, ValidationWords>> = {
  MVCC_READ_CONFLICT: {
    detail:
      'Another transaction changed a key that this one had read, and was committed first. Nothing was written.',
    hint: 'Look at the present value and submit again.',
    retryable: true,
  },
  PHANTOM_READ_CONFLICT: {
    detail:
      'Another transaction added or removed a key in a range that this one had read, and was committed first. Nothing was written.',
    hint: 'Submit again: the range is read anew.',
    retryable: true,
  },
  ENDORSEMENT_POLICY_FAILURE: {
    detail: 'Its endorsements do not satisfy the endorsement policy of the contract. Nothing was written.',
    hint: 'Leave the endorsing organizations to the gateway, or name those the policy needs (`cityflow contracts show`).',
    retryable: false,
  },
  DUPLICATE_TXID: {
    detail: 'A transaction with this id was committed before. Nothing was written twice.',
    hint: 'Look at the first one with `cityflow tx`.',
    retryable: false,
  },
  BAD_CREATOR_SIGNATURE: {
    detail: 'The signature of the one who submitted it does not verify. Nothing was written.',
    hint: 'Check that key and certificate of the identity belong together.',
    retryable: false,
  },
  EXPIRED_CHAINCODE: {
    detail: 'The contract was upgraded between endorsement and commit. Nothing was written.',
    hint: 'Submit again: the new definition endorses it.',
    retryable: true,
  },
};

/** A validation code in words. */
export function explainValidationCode(name: string): ValidationWords {
  return (
    words[name] ?? {
      detail: `Every peer found it invalid with the code ${name}. Nothing was written.`,
      hint: 'Look at the transaction with `cityflow tx` and at the logs of the peers.',
      retryable: false,
    }
  );
}
