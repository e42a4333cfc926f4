import { peer, type common } from '@hyperledger/fabric-protos';
import { blockData, blockHeader, transactionsFilter } from '../block';
import { findReadConflict, type ReadConflict } from '../conflict';
import { endorsementOf } from '../endorsement';
import { parseEnvelope } from '../envelope';
import { PolicyError, type Policy } from '../policy';
import { validationCodeName } from '../validation-code';
import type { EndorsementPolicyError, UnmetPolicy } from '../validation/channel-policies';
import type { StaleRead } from '../validation/state-validation';
import { staleReadInWords } from '../verification/outcome-checks';
import { conflictInWords, keyInWords } from './conflict-words';
import { listed } from './listed';
import { signaturePolicyInWords } from './signature-policy-words';
import { explainValidationCode, type ValidationWords } from './validation-words';

const { VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE, DUPLICATE_TXID } =
  peer.TxValidationCode;

/** Why a transaction counts for nothing. */
export interface Explanation extends ValidationWords {
  /** Name of the validation code. */
  readonly status: string;
  /** In one sentence. */
  readonly title: string;
  /** The write that came first; undefined for other reasons, or where it could not be found. */
  readonly conflict: ReadConflict | undefined;
}

export interface InvalidTransaction {
  /** The block it stands in, with its validation filter. */
  readonly block: common.Block;
  readonly position: number;
  /** What a verification of the chain found; without it the reason is sought in the blocks alone. */
  readonly staleRead?: StaleRead | undefined;
  readonly policyFailure?: EndorsementPolicyError | undefined;
  /** An earlier block; undefined where it is not there. */
  readonly earlier: (number: number) => Promise<common.Block | undefined>;
  /** How many of them are looked through at most for the write that came first. */
  readonly most: number;
  /** Name of an organization by its MSP id. */
  readonly nameOf: (mspId: string) => string;
}

/**
 * Explains a transaction that peers found invalid.
 * @returns undefined for one that is valid, or that no peer has validated
 * @throws WireError, MalformedMessage where it is malformed and its code says otherwise
 */
export async function explainTransaction(transaction: InvalidTransaction): Promise<Explanation | undefined> {
  const { block, position } = transaction;
  const code = transactionsFilter(block)[position];
  if (code === undefined || code === VALID) return undefined;
  const status = validationCodeName(code);
  const words = explainValidationCode(status);
  const number = blockHeader(block).getNumber();
  const plain = {
    ...words,
    status,
    title: `Block ${number} has it as invalid: ${status}.`,
    conflict: undefined,
  };
  switch (code) {
    case MVCC_READ_CONFLICT:
      return { ...plain, ...(await explainConflict(transaction, 'key')) };
    case PHANTOM_READ_CONFLICT:
      return { ...plain, ...(await explainConflict(transaction, 'range')) };
    case ENDORSEMENT_POLICY_FAILURE:
      return { ...plain, ...explainPolicy(transaction, words) };
    case DUPLICATE_TXID:
      return { ...plain, ...explainDuplicate(transaction) };
    default:
      return plain;
  }
}

type Explained = Partial<Omit<Explanation, 'status'>>;

async function explainConflict(
  { block, position, staleRead, earlier, most }: InvalidTransaction,
  reads: ReadConflict['kind'],
): Promise<Explained> {
  const transactionId = idAt(block, position);
  const conflict = await findReadConflict({ block, transactionId, reads, earlier, most });
  if (conflict !== undefined) return { ...conflictInWords(conflict), conflict };
  if (staleRead === undefined) return {};
  // Nobody need have written: private values expire, and a client can claim to have read what never was.
  return {
    title: 'What it had read was no longer so. Nothing was written.',
    detail: `${capitalized(staleReadInWords(staleRead))}. No transaction that wrote it was found in the ${most} blocks before.`,
  };
}

const capitalized = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

function explainPolicy(
  { block, position, policyFailure, nameOf }: InvalidTransaction,
  words: ValidationWords,
): Explained {
  const unmet = policyFailure?.unmet;
  if (unmet === undefined) {
    const endorsers = endorsementOf(blockData(block)[position] ?? new Uint8Array())?.endorsers ?? [];
    const did = organizations(endorsers, nameOf) || 'Nobody';
    const why = policyFailure === undefined ? '' : ` The reason: ${policyFailure.message}.`;
    return { detail: `${words.detail} ${did} endorsed it.${why}` };
  }
  const did = organizations(unmet.had, nameOf);
  const had = listed(unmet.had.map(({ principalName }) => principalName));
  return {
    title: `${policyInWords(unmet.policy, nameOf)} must endorse. ${did === '' ? 'Nobody' : `Only ${did}`} did.`,
    detail: `That is the policy of ${whose(unmet)}. Endorsed by ${had || 'nobody whose signature verifies'}. Nothing was written.`,
  };
}

function policyInWords(policy: Policy, nameOf: (mspId: string) => string): string {
  try {
    return signaturePolicyInWords(policy.toSignaturePolicy(), nameOf);
  } catch (error) {
    // A policy of the channel that refers to one that does not exist.
    if (error instanceof PolicyError) return policy.describe();
    throw error;
  }
}

const organizations = (
  members: readonly { readonly mspId: string }[],
  nameOf: (mspId: string) => string,
): string => listed([...new Set(members.map(({ mspId }) => nameOf(mspId)))]);

function whose({ namespace, collection, key }: UnmetPolicy): string {
  if (key === undefined) {
    return collection === undefined
      ? `contract ${namespace}`
      : `collection ${collection} of contract ${namespace}`;
  }
  return collection === undefined
    ? `key ${keyInWords(key)} of contract ${namespace}`
    : `the private key with hash ${key.slice(0, 8)}… of ${collection} in ${namespace}`;
}

function explainDuplicate({ block, position }: InvalidTransaction): Explained {
  const id = idAt(block, position);
  const first = blockData(block)
    .slice(0, position)
    .findIndex((_, other) => idAt(block, other) === id);
  return first < 0
    ? {}
    : { title: `Transaction ${first} of the same block has the same id. Nothing was written twice.` };
}

/** Empty where the headers cannot be read. */
function idAt(block: common.Block, position: number): string {
  try {
    return parseEnvelope(blockData(block)[position] ?? new Uint8Array()).channelHeader.getTxId();
  } catch {
    return '';
  }
}
