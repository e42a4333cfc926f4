import { common, peer } from '@hyperledger/fabric-protos';
import { messageOf } from '../cause';
import type { ChannelConfig } from '../channel-config';
import { sha256 } from '../hash';
import type { Identity } from '../msp';
import { computeTxId, endorsedBytes } from '../proposal';
import { identityMspId } from '../serialized-identity';
import type { BlockTransaction } from '../validation/block-transaction';
import {
  decodeChaincodeActionPayload,
  decodeProposalResponsePayload,
  decodeSignatureHeader,
  decodeTransaction,
  type EndorsedTransaction,
  type SignatureHeader,
} from '../validation/transaction';
import { hex } from './block-checks';
import { fails, holds, notCheckable, type Check, type CheckName } from './check';

const { BAD_CREATOR_SIGNATURE, BAD_COMMON_HEADER, BAD_PAYLOAD, INVALID_OTHER_REASON } = peer.TxValidationCode;

/** Codes with which a transaction leaves validation before its creator's signature was found to be good. */
const CREATOR_NOT_PROVEN: ReadonlySet<number> = new Set([
  BAD_CREATOR_SIGNATURE,
  BAD_COMMON_HEADER,
  BAD_PAYLOAD,
  INVALID_OTHER_REASON,
]);

export interface TransactionContext {
  readonly config: ChannelConfig;
  readonly genesis: boolean;
  /**
   * What validation found: a transaction that came past its creator's signature need not have it checked twice.
   */
  readonly recomputed: number | undefined;
  /** Number of distinct endorsers whose signatures validation found to be good; undefined where it did not look. */
  readonly provenEndorsers: number | undefined;
}

/** The checks of one transaction that need its own bytes and the configuration alone. */
export function checkTransaction(transaction: BlockTransaction, context: TransactionContext): Check[] {
  const header = signatureHeaderOf(transaction);
  if (header === undefined) {
    const reason = 'the headers of the transaction cannot be read';
    return (['transaction id', 'creator certificate', 'creator signature'] as const).map((check) =>
      notCheckable(check, reason),
    );
  }
  const checks = [checkTransactionId(transaction, header), ...checkCreator(transaction, header, context)];
  if (transaction.type !== common.HeaderType.ENDORSER_TRANSACTION) return checks;
  return [...checks, checkProposalHash(transaction), ...checkEndorsements(transaction, context)];
}

function signatureHeaderOf({ frame }: BlockTransaction): SignatureHeader | undefined {
  try {
    return (
      frame.channelHeader &&
      frame.payload?.header &&
      decodeSignatureHeader(frame.payload.header.signatureHeader)
    );
  } catch {
    return undefined;
  }
}

function checkTransactionId(transaction: BlockTransaction, { nonce, creator }: SignatureHeader): Check {
  const check = 'transaction id';
  const claimed = transaction.frame.channelHeader?.txId ?? '';
  const computed = computeTxId(nonce, creator);
  if (claimed === computed) return holds(check, computed);
  if (transaction.type !== common.HeaderType.ENDORSER_TRANSACTION) {
    return notCheckable(check, 'a configuration transaction needs no id, and nobody checks the one it has');
  }
  return fails(check, `it claims ${claimed || 'none'}, nonce and creator give ${computed}`);
}

function checkCreator(
  { frame }: BlockTransaction,
  { creator }: SignatureHeader,
  { config, genesis, recomputed }: TransactionContext,
): Check[] {
  if (genesis && creator.length === 0) {
    const reason = 'block 0 has no creator: its hash is the trust anchor';
    return [notCheckable('creator certificate', reason), notCheckable('creator signature', reason)];
  }
  const { identity, check } = checkCertificate('creator certificate', creator, config);
  if (identity === undefined) {
    return [check, notCheckable('creator signature', `there is no accepted certificate: ${check.reason}`)];
  }
  const proven = recomputed !== undefined && !CREATOR_NOT_PROVEN.has(recomputed);
  const { payload = new Uint8Array(), signature = new Uint8Array() } = frame.envelope ?? {};
  const signed = proven || (signature.length > 0 && identity.verify(payload, signature));
  return [
    check,
    signed
      ? holds('creator signature', `signed by ${identity.principalName}`)
      : fails('creator signature', `the signature of ${identity.principalName} does not verify`),
  ];
}

/** The identity also where its certificate is not valid, as long as it can be read. */
function checkCertificate(
  check: CheckName,
  serialized: Uint8Array,
  config: ChannelConfig,
): { readonly identity: Identity | undefined; readonly check: Check } {
  let identity: Identity | undefined;
  try {
    identity = config.msps.deserializeIdentity(serialized);
    identity.validate();
    const { commonName } = identity.parsed;
    return { identity, check: holds(check, `${commonName} is ${identity.principalName}`) };
  } catch (error) {
    const owner = identityMspId(serialized) || 'no MSP';
    return { identity, check: fails(check, `an identity of ${owner} is not accepted: ${messageOf(error)}`) };
  }
}

function checkProposalHash({ frame }: BlockTransaction): Check {
  const check = 'proposal hash';
  try {
    const [action] = decodeTransaction(frame.payload?.data ?? new Uint8Array());
    if (action === undefined) return fails(check, 'the transaction has no action');
    const { action: endorsed, chaincodeProposalPayload } = decodeChaincodeActionPayload(action.payload);
    if (endorsed === undefined) return fails(check, 'nothing was endorsed');
    const claimed = hex(decodeProposalResponsePayload(endorsed.proposalResponsePayload).proposalHash);
    const channelHeader = frame.payload?.header?.channelHeader ?? new Uint8Array();
    const computed = hex(sha256(channelHeader, action.header, chaincodeProposalPayload));
    return claimed === computed
      ? holds(check, computed)
      : fails(check, `endorsers signed ${claimed}, headers and arguments hash to ${computed}`);
  } catch (error) {
    return fails(check, messageOf(error));
  }
}

function checkEndorsements(transaction: BlockTransaction, context: TransactionContext): Check[] {
  let endorsed: EndorsedTransaction;
  try {
    endorsed = transaction.endorsed();
  } catch (error) {
    const reason = `what was endorsed cannot be read: ${messageOf(error)}`;
    return [notCheckable('endorser certificates', reason), notCheckable('endorsement signatures', reason)];
  }
  const { endorsements, proposalResponsePayload } = endorsed;
  if (endorsements.length === 0) {
    const reason = 'nobody endorsed it';
    return [notCheckable('endorser certificates', reason), notCheckable('endorsement signatures', reason)];
  }
  const certificates = endorsements.map(({ endorser }) =>
    checkCertificate('endorser certificates', endorser, context.config),
  );
  const refused = certificates.filter(({ check }) => check.verdict === 'fails');
  const proven = context.provenEndorsers === endorsements.length;
  const bad = proven
    ? []
    : endorsements.flatMap(({ endorser, signature }, index) => {
        const identity = certificates[index]?.identity;
        if (identity === undefined) return [];
        const verifies = identity.verify(endorsedBytes(proposalResponsePayload, endorser), signature);
        return verifies ? [] : [identity.principalName];
      });
  const known = certificates.flatMap(({ identity }) => (identity ? [identity.principalName] : []));
  return [
    refused.length === 0
      ? holds('endorser certificates', certificates.map(({ check }) => check.reason).join('; '))
      : fails('endorser certificates', refused.map(({ check }) => check.reason).join('; ')),
    signatureCheck(bad, known),
  ];
}

function signatureCheck(bad: readonly string[], known: readonly string[]): Check {
  const check = 'endorsement signatures';
  if (bad.length > 0)
    return fails(check, `${bad.map((name) => `the signature of ${name}`).join(', ')} does not verify`);
  if (known.length === 0) return notCheckable(check, 'no endorser has an accepted certificate');
  return holds(check, `signed by ${known.join(', ')}`);
}
