import { peer } from '@hyperledger/fabric-protos';
import { parseSignedProposal } from '../../../protocol/proposal';
import { decodeMessage } from '../../../protocol/wire';

/** The chaincode a client asked for, which need not be the one being called (protoutil InvokedChaincodeName). */
export function invokedChaincode(proposal: peer.SignedProposal): string {
  const parsed = parseSignedProposal(proposal);
  const payload = decodeMessage(
    peer.ChaincodeProposalPayload,
    parsed.proposal.getPayload_asU8(),
    'ChaincodeProposalPayload',
  );
  const spec = decodeMessage(
    peer.ChaincodeInvocationSpec,
    payload.getInput_asU8(),
    'ChaincodeInvocationSpec',
  ).getChaincodeSpec();
  return spec?.getChaincodeId()?.getName() ?? '';
}
