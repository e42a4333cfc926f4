/** `not checkable`: what it would take is not there; the reason says what. */
export type Verdict = 'holds' | 'fails' | 'not checkable';

/** Everything that is checked of a block and of a transaction in it, and how. */
export const methods = {
  tip: 'Number and header hash of the last block are compared with those the peer names as its height and tip.',
  encoding:
    'What was read of the block is written again and compared byte by byte: nothing may hide beside what is shown.',
  number: 'Block numbers follow one another, from 0.',
  channel: "The channel in the first transaction's header is compared with the one that is verified.",
  'header chain':
    'SHA-256 over the ASN.1 form of the header before (number, previous hash, data hash) must stand as previous hash in this one.',
  'genesis hash':
    'Nothing comes before block 0 and nobody signs it: its header hash is compared with the one remembered for the channel.',
  'data hash': "SHA-256 over all transactions of the block, one after the other, must equal the header's.",
  'orderer signatures':
    'ECDSA signatures over header and signed metadata, by the orderers’ certificates, held against the policy /Channel/Orderer/BlockValidation in force before the block.',
  'last configuration':
    'The number of the last configuration block that orderers signed with the block is compared with the last one seen.',
  'unsigned metadata':
    'Metadata outside the signature (the old last-configuration and consenter entries) may only repeat what was signed.',
  configuration:
    'The configuration a block brings is read completely and must have the sequence number after the one in force.',
  'commit hash':
    'SHA-256 over the validation filter, all writes of valid transactions (private ones by their hashes) and the commit hash of the block before.',
  'transaction id': 'SHA-256 over nonce and creator of the signature header, in hex.',
  'creator certificate':
    "The certificate must lead to an authority of its organization's MSP in the configuration in force, not be revoked and carry one role; dates are taken at its issue.",
  'creator signature': "ECDSA signature over the transaction's payload, with the creator's certificate.",
  'proposal hash':
    'SHA-256 over channel header, signature header and arguments must be the one the endorsers signed: these arguments gave these results.',
  'endorser certificates': 'As the creator’s certificate, for each endorser.',
  'endorsement signatures':
    "ECDSA signature of each endorser over the proposal response and its own identity, with the endorser's certificate.",
  'endorsement policy':
    'The endorsers with valid signatures are held against the policy of every namespace, collection and key written, as committed before the block.',
  reads:
    'Every version read, ranges included, is compared with the state that all transactions before left behind.',
  'key state':
    'What a peer answers of a key is compared with what the valid transactions of the chain left there.',
  'validation code':
    'What a committing peer decides is decided again from the chain alone and compared with the code in the block’s filter.',
} as const;

export type CheckName = keyof typeof methods;
/** In the order in which they are told. */
export const checkNames = Object.keys(methods) as CheckName[];

export interface Check {
  readonly check: CheckName;
  readonly verdict: Verdict;
  /** In words: what was found, where it fails also what was expected, or why it cannot be checked. */
  readonly reason: string;
  /**
   * Whether a failure contradicts what the ledger claims. A transaction that peers recorded as invalid for this very
   * reason fails the check, and the ledger is in order.
   */
  readonly anomaly: boolean;
}

export const holds = (check: CheckName, reason: string): Check => ({
  check,
  verdict: 'holds',
  reason,
  anomaly: false,
});

export const fails = (check: CheckName, reason: string): Check => ({
  check,
  verdict: 'fails',
  reason,
  anomaly: true,
});

/** A failure the ledger itself records. */
export const failsAsRecorded = (check: CheckName, reason: string): Check => ({
  check,
  verdict: 'fails',
  reason,
  anomaly: false,
});

export const notCheckable = (check: CheckName, reason: string): Check => ({
  check,
  verdict: 'not checkable',
  reason,
  anomaly: false,
});

export const compared = (check: CheckName, expected: string, found: string, differ: string): Check =>
  expected === found ? holds(check, found) : fails(check, differ);
