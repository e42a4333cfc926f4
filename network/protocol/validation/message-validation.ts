import { common, peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from '../channel-config';
import { sha256 } from '../hash';
import { MspError } from '../msp';
import { computeTxId } from '../proposal';
import { VALID, type ValidationCode } from '../validation-code';
import type { BlockTransaction } from './block-transaction';
import { MalformedMessage } from '../strict-decoder';
import {
  decodeChaincodeActionPayload,
  decodeChannelHeader,
  decodeProposalResponsePayload,
  decodeSignatureHeader,
  decodeTransaction,
  type ChannelHeader,
  type Header,
  type SignatureHeader,
} from './transaction';

const { CONFIG, CONFIG_UPDATE, ENDORSER_TRANSACTION } = common.HeaderType;
const {
  BAD_COMMON_HEADER,
  BAD_CREATOR_SIGNATURE,
  BAD_PAYLOAD,
  BAD_PROPOSAL_TXID,
  INVALID_ENDORSER_TRANSACTION,
  INVALID_OTHER_REASON,
  UNSUPPORTED_TX_PAYLOAD,
} = peer.TxValidationCode;

/**
 * Whether a transaction is properly formed and signed by its creator, and hangs together with the proposal its
 * endorsers saw. Source: core/common/validation/msgvalidation.go ValidateTransaction.
 */
export function validateMessage(transaction: BlockTransaction, channel: ChannelConfig): ValidationCode {
  const { envelope, payload } = transaction.frame;
  if (envelope === undefined) return INVALID_OTHER_REASON;
  if (payload === undefined) return BAD_PAYLOAD;
  const headers = readHeaders(payload.header);
  if (payload.header === undefined || headers === undefined) return BAD_COMMON_HEADER;
  const { channelHeader, signatureHeader } = headers;
  if (
    channelHeader.channelId !== channel.channelId ||
    !signedByCreator(signatureHeader.creator, envelope.signature, envelope.payload, channel)
  ) {
    return BAD_CREATOR_SIGNATURE;
  }
  switch (channelHeader.type) {
    case ENDORSER_TRANSACTION:
      if (channelHeader.txId !== computeTxId(signatureHeader.nonce, signatureHeader.creator)) {
        return BAD_PROPOSAL_TXID;
      }
      return followsProposal(payload.data, payload.header) ? VALID : INVALID_ENDORSER_TRANSACTION;
    case CONFIG:
      return VALID;
    default:
      return UNSUPPORTED_TX_PAYLOAD;
  }
}

/** Headers that pass validateCommonHeader; undefined for any others. */
function readHeaders(
  header: Header | undefined,
): { channelHeader: ChannelHeader; signatureHeader: SignatureHeader } | undefined {
  if (header === undefined) return undefined;
  try {
    const channelHeader = decodeChannelHeader(header.channelHeader);
    const signatureHeader = decodeSignatureHeader(header.signatureHeader);
    const knownType = [ENDORSER_TRANSACTION, CONFIG_UPDATE, CONFIG].some(
      (type) => type === channelHeader.type,
    );
    if (!knownType || channelHeader.epoch !== 0 || !isComplete(signatureHeader)) return undefined;
    return { channelHeader, signatureHeader };
  } catch (cause) {
    if (cause instanceof MalformedMessage) return undefined;
    throw cause;
  }
}

function isComplete({ nonce, creator }: SignatureHeader): boolean {
  return nonce.length > 0 && creator.length > 0;
}

function signedByCreator(
  creator: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
  channel: ChannelConfig,
): boolean {
  if (signature.length === 0 || message.length === 0) return false;
  try {
    const identity = channel.msps.deserializeIdentity(creator);
    identity.validate();
    return identity.verify(message, signature);
  } catch (cause) {
    if (cause instanceof MspError) return false;
    throw cause;
  }
}

/** validateEndorserTransaction: one action, whose response answers the proposal the headers belong to. */
function followsProposal(data: Uint8Array, { channelHeader }: Header): boolean {
  try {
    const [action, ...others] = decodeTransaction(data);
    if (action === undefined || others.length > 0) return false;
    if (!isComplete(decodeSignatureHeader(action.header))) return false;
    const { action: endorsed, chaincodeProposalPayload } = decodeChaincodeActionPayload(action.payload);
    if (endorsed === undefined) return false;
    const { proposalHash } = decodeProposalResponsePayload(endorsed.proposalResponsePayload);
    // Go tells an absent payload from an empty one no better than by its length.
    if (channelHeader.length === 0 || action.header.length === 0 || chaincodeProposalPayload.length === 0)
      return false;
    return sha256(channelHeader, action.header, chaincodeProposalPayload).equals(proposalHash);
  } catch (cause) {
    if (cause instanceof MalformedMessage) return false;
    throw cause;
  }
}
