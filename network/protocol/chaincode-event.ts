import { peer } from '@hyperledger/fabric-protos';
import { decodeMessage } from './wire';

/**
 * The event of one action of an endorser transaction; an empty one when the contract set none.
 * @throws WireError when a layer on the way to it is malformed
 */
export function chaincodeEventOf(action: peer.TransactionAction): peer.ChaincodeEvent {
  const actionPayload = decodeMessage(
    peer.ChaincodeActionPayload,
    action.getPayload_asU8(),
    'ChaincodeActionPayload',
  );
  const response = decodeMessage(
    peer.ProposalResponsePayload,
    actionPayload.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
    'ProposalResponsePayload',
  );
  const chaincodeAction = decodeMessage(
    peer.ChaincodeAction,
    response.getExtension_asU8(),
    'ChaincodeAction',
  );
  return decodeMessage(peer.ChaincodeEvent, chaincodeAction.getEvents_asU8(), 'ChaincodeEvent');
}
