import { common, peer } from '@hyperledger/fabric-protos';
import { parseEnvelope } from './envelope';
import { decodeMessage } from './wire';

/** The (first) action of an endorser transaction. */
export interface EndorsedAction {
  readonly transactionId: string;
  readonly endorsements: readonly peer.Endorsement[];
  /** Serialized `peer.ProposalResponsePayload`: what every endorser signed. */
  readonly signed: Uint8Array;
  /** Its result: response, event, and read and write sets. */
  readonly action: peer.ChaincodeAction;
}

/**
 * Opens an envelope down to what was endorsed. Signatures are not checked.
 * @returns undefined for other envelopes than those of endorser transactions
 * @throws WireError when a layer on the way is malformed
 */
export function endorsedActionOf(envelope: Uint8Array | common.Envelope): EndorsedAction | undefined {
  const { channelHeader, data } = parseEnvelope(envelope);
  if (channelHeader.getType() !== (common.HeaderType.ENDORSER_TRANSACTION as number)) return undefined;
  const [first] = decodeMessage(peer.Transaction, data, 'Transaction').getActionsList();
  if (!first) return undefined;
  const payload = decodeMessage(
    peer.ChaincodeActionPayload,
    first.getPayload_asU8(),
    'ChaincodeActionPayload',
  );
  const endorsed = payload.getAction();
  const signed = endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array();
  const response = decodeMessage(peer.ProposalResponsePayload, signed, 'ProposalResponsePayload');
  return {
    transactionId: channelHeader.getTxId(),
    endorsements: endorsed?.getEndorsementsList() ?? [],
    signed,
    action: decodeMessage(peer.ChaincodeAction, response.getExtension_asU8(), 'ChaincodeAction'),
  };
}
