import type { peer } from '@hyperledger/fabric-protos';

/** What a validation code means for the transaction, and what to do. */
export interface ValidationWords {
  readonly detail: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const NOTHING = 'Nothing was written.';
const LOOK = 'Look at the transaction with `cityflow tx` and at the logs of the peers.';
const REPAIR = 'Repair the client that made it: no SDK of Fabric makes such a transaction.';

/** A client made something that no SDK makes. */
const malformed = (what: string): ValidationWords => ({
  detail: `${what} ${NOTHING}`,
  hint: REPAIR,
  retryable: false,
});

const words: Readonly<Record<keyof peer.TxValidationCodeMap, ValidationWords>> = {
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
  VALID: { detail: 'It was valid, and what it wrote is in the state.', hint: '', retryable: false },
  NIL_ENVELOPE: malformed('The block holds nothing where the transaction should be.'),
  BAD_PAYLOAD: malformed('Its payload cannot be read.'),
  BAD_COMMON_HEADER: malformed(
    'Its header cannot be read, names no creator, has no nonce, or is of a type or an epoch that does not belong here.',
  ),
  BAD_CHANNEL_HEADER: malformed('The header that names channel and type cannot be read.'),
  BAD_HEADER_EXTENSION: malformed('The part of its header that names the contract cannot be read.'),
  INVALID_ENDORSER_TRANSACTION: malformed(
    'What was endorsed does not belong to these arguments: headers or arguments differ from those that the endorsers signed, or it has more than one action.',
  ),
  INVALID_CONFIG_TRANSACTION: {
    detail: `The configuration it brings cannot be applied to the one in force. ${NOTHING}`,
    hint: 'Make the update anew from the present configuration.',
    retryable: false,
  },
  UNSUPPORTED_TX_PAYLOAD: malformed('It carries something that is no transaction of a channel.'),
  BAD_PROPOSAL_TXID: malformed('Its id is not the hash of its nonce and creator.'),
  UNKNOWN_TX_TYPE: malformed('Its type is not known.'),
  TARGET_CHAIN_NOT_FOUND: {
    detail: `It is meant for a channel that the peer does not have. ${NOTHING}`,
    hint: 'Submit it on the channel it is meant for.',
    retryable: false,
  },
  MARSHAL_TX_ERROR: malformed('It could not be written out again for validation.'),
  NIL_TXACTION: malformed('It has no action: nothing that a contract would have done.'),
  CHAINCODE_VERSION_CONFLICT: {
    detail: `It was endorsed by another version of the contract than the one that is committed. ${NOTHING}`,
    hint: 'Submit again: the version that is committed endorses it.',
    retryable: true,
  },
  BAD_RESPONSE_PAYLOAD: malformed('What the endorsers signed cannot be read.'),
  BAD_RWSET: malformed('Its read and write sets cannot be read.'),
  ILLEGAL_WRITESET: malformed(
    'Its write set may not stand there: it names a namespace twice, or one it may not write to.',
  ),
  INVALID_WRITESET: malformed('Its write set holds a key or value that the state database does not accept.'),
  INVALID_CHAINCODE: {
    detail: `The contract it calls or writes to is not defined on the channel, or is not the one that endorsed it. ${NOTHING}`,
    hint: 'Look at what is committed with `cityflow contracts show`.',
    retryable: false,
  },
  NOT_VALIDATED: {
    detail:
      'No peer has validated it yet: its block was read from an orderer, or its validation was interrupted.',
    hint: 'Read the block from a peer.',
    retryable: false,
  },
  INVALID_OTHER_REASON: {
    detail: `Every peer found it invalid for a reason that has no code of its own. ${NOTHING}`,
    hint: LOOK,
    retryable: false,
  },
};

const byName: ReadonlyMap<string, ValidationWords> = new Map(Object.entries(words));

/** A validation code in words, by its name. A code that Fabric does not define is told as that. */
export function explainValidationCode(name: string): ValidationWords {
  return (
    byName.get(name) ?? {
      detail: `Every peer found it invalid with the code ${name}, which this program does not know. ${NOTHING}`,
      hint: LOOK,
      retryable: false,
    }
  );
}
