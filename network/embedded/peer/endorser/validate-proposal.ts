import { common } from '@hyperledger/fabric-protos';
import type { Identity, IdentityDeserializer } from '../../../protocol/msp';
import { computeTxId, type ParsedProposal } from '../../../protocol/proposal';
import { createLogger } from '../../node/logging';
import { messageOf, withMessage } from '../../../protocol/cause';
import { shortTxId } from '../chaincode/transaction';

const logger = createLogger('endorser');

/**
 * Checks a proposal's header, its transaction id, its creator and the signature (core/endorser/msgvalidation.go
 * Validate). Throws with the genuine texts, which on purpose do not say what is wrong with an identity or a signature:
 * that stands in the log.
 *
 * @param msps the channel's MSPs, or the peer's own for a proposal without a channel
 */
export function validateProposal(proposal: ParsedProposal, msps: IdentityDeserializer): void {
  try {
    check(proposal, msps);
  } catch (cause) {
    if (cause instanceof ClientIdentityExpired) throw cause;
    throw withMessage(cause, 'error validating proposal');
  }
}

/** Expiry counts only for who asks now (core/handlers/auth/filter/expiration.go). */
class ClientIdentityExpired extends Error {
  constructor() {
    super('proposal client identity expired');
  }
}

function check(proposal: ParsedProposal, msps: IdentityDeserializer): void {
  checkHeader(proposal);
  const { channelId, txId } = proposal;
  const context = { channel: channelId, txID: shortTxId(txId) };

  let creator: Identity;
  try {
    creator = msps.deserializeIdentity(proposal.creator);
  } catch (cause) {
    logger.warn('access denied', { ...context, error: messageOf(cause) });
    throw new Error(`access denied: channel [${channelId}] creator org unknown, creator is malformed`, {
      cause,
    });
  }
  if (creator.expiresAt < new Date()) throw new ClientIdentityExpired();
  const denied = `access denied: channel [${channelId}] creator org [${creator.mspId}]`;
  try {
    creator.validate();
  } catch (cause) {
    logger.warn('access denied: identity is not valid', { ...context, error: messageOf(cause) });
    throw new Error(denied, { cause });
  }
  if (!creator.verify(proposal.proposalBytes, proposal.signature)) {
    logger.warn("access denied: creator's signature over the proposal is not valid", context);
    throw new Error(denied);
  }
}

function checkHeader(proposal: ParsedProposal): void {
  const { channelHeader, creator, nonce } = proposal;
  const type: number = channelHeader.getType();
  if (type !== common.HeaderType.ENDORSER_TRANSACTION && type !== common.HeaderType.CONFIG) {
    const name = Object.entries(common.HeaderType).find(([, value]) => value === type)?.[0];
    throw new Error(`invalid header type ${name ?? type}`);
  }
  if (channelHeader.getEpoch() !== 0) throw new Error('epoch is non-zero');
  if (nonce.length === 0) throw new Error('nonce is empty');
  if (creator.length === 0) throw new Error('creator is empty');
  const expected = computeTxId(nonce, creator);
  if (proposal.txId !== expected) {
    throw new Error(`incorrectly computed txid '${proposal.txId}' -- expected '${expected}'`);
  }
  if (proposal.proposalBytes.length === 0) throw new Error('empty proposal bytes');
  if (proposal.signature.length === 0) throw new Error('empty signature bytes');
}
