import { common, peer } from '@hyperledger/fabric-protos';
import { decodeMessage } from '../../../protocol/wire';

/** Where a proposal goes, as far as the gateway has to know. */
export interface ProposalTarget {
  readonly channelId: string;
  readonly chaincode: string;
  readonly hasTransient: boolean;
  readonly proposal: peer.Proposal;
  readonly invocation: peer.ChaincodeInvocationSpec;
}

/**
 * Opens a signed proposal down to channel and chaincode, as Endorse does: a name that is missing is an empty one
 * (internal/pkg/gateway/endorse.go). Throws when the proposal can't be read.
 */
export function proposalTarget(signed: peer.SignedProposal | undefined): ProposalTarget {
  const bytes = signed?.getProposalBytes_asU8() ?? new Uint8Array();
  if (bytes.length === 0) throw new Error('a signed proposal is required');
  const proposal = decodeMessage(peer.Proposal, bytes, 'Proposal');
  const header = decodeMessage(common.Header, proposal.getHeader_asU8(), 'Header');
  const channelHeader = decodeMessage(common.ChannelHeader, header.getChannelHeader_asU8(), 'ChannelHeader');
  const payload = decodeMessage(
    peer.ChaincodeProposalPayload,
    proposal.getPayload_asU8(),
    'ChaincodeProposalPayload',
  );
  const invocation = decodeMessage(
    peer.ChaincodeInvocationSpec,
    payload.getInput_asU8(),
    'ChaincodeInvocationSpec',
  );
  return {
    channelId: channelHeader.getChannelId(),
    chaincode: invocation.getChaincodeSpec()?.getChaincodeId()?.getName() ?? '',
    hasTransient: payload.getTransientmapMap().getLength() > 0,
    proposal,
    invocation,
  };
}

/**
 * The target of a proposal that names channel and chaincode. Throws with the texts of
 * getChannelAndChaincodeFromSignedProposal (internal/pkg/gateway/evaluate.go).
 */
export function namedTarget(signed: peer.SignedProposal | undefined): ProposalTarget {
  const target = proposalTarget(signed);
  const { channelId, invocation } = target;
  if (channelId === '') throw new Error('no channel id provided');
  const spec = invocation.getChaincodeSpec();
  if (spec === undefined) throw new Error(`no chaincode spec is provided, channel id [${channelId}]`);
  const id = spec.getChaincodeId();
  if (id === undefined) throw new Error(`no chaincode id is provided, channel id [${channelId}]`);
  if (id.getName() === '') throw new Error(`no chaincode name is provided, channel id [${channelId}]`);
  return target;
}

/** The chaincode's own result inside an endorsed response; undefined when there is none to read. */
export function transactionResult(response: peer.ProposalResponse): Uint8Array | undefined {
  try {
    const payload = decodeMessage(
      peer.ProposalResponsePayload,
      response.getPayload_asU8(),
      'ProposalResponsePayload',
    );
    const action = decodeMessage(peer.ChaincodeAction, payload.getExtension_asU8(), 'ChaincodeAction');
    return action.getResponse()?.getPayload_asU8();
  } catch {
    return undefined;
  }
}
