import { peer } from '@hyperledger/fabric-protos';
import { createSignedProposal } from '../protocol/proposal';
import type { Signer } from '../protocol/signing';
import { ChaincodeResponseError } from './errors';
import type { CallLimits, NodeAddress, NodeConnections } from './node-connection';

export interface ChaincodeCall {
  /** Empty for calls that concern the peer itself (cscc GetChannels, `_lifecycle` InstallChaincode …). */
  readonly channelId: string;
  readonly chaincode: string;
  /** Function name first. */
  readonly args: readonly (string | Uint8Array)[];
}

export type SignedProposal = ReturnType<typeof createSignedProposal>;

const defaultTimeoutMs = 30_000;

/** What THIS peer says: calls one peer's Endorser directly instead of going through a gateway. */
export class EndorserClient {
  constructor(private readonly connections: NodeConnections) {}

  /**
   * Calls a chaincode for its result.
   * @returns payload of the chaincode's response
   * @throws NodeCallError when the call failed, ChaincodeResponseError when the chaincode answered 400 or above
   */
  async query(
    node: NodeAddress,
    signer: Signer,
    call: ChaincodeCall,
    limits?: CallLimits,
  ): Promise<Uint8Array> {
    const proposal = signProposal(signer, call);
    const response = await this.endorse(node, proposal, call, limits);
    return response.getResponse()?.getPayload_asU8() ?? new Uint8Array();
  }

  /**
   * Has one peer endorse a signed proposal.
   * @throws NodeCallError, ChaincodeResponseError
   */
  async endorse(
    node: NodeAddress,
    proposal: SignedProposal,
    call: ChaincodeCall,
    limits: CallLimits = {},
  ): Promise<peer.ProposalResponse> {
    const functionName = nameOf(call);
    const response = await this.connections.unary(
      node,
      `${call.chaincode} ${functionName}`,
      peer.EndorserService.processProposal,
      proposal.signedProposal,
      { timeoutMs: defaultTimeoutMs, ...limits },
    );
    const status = response.getResponse()?.getStatus() ?? 500;
    if (status >= 400) {
      const message = response.getResponse()?.getMessage() ?? 'the peer sent no response';
      throw new ChaincodeResponseError(node.name, node.mspId, call.chaincode, functionName, status, message);
    }
    return response;
  }
}

export function signProposal(signer: Signer, call: ChaincodeCall): SignedProposal {
  return createSignedProposal(signer, {
    channelId: call.channelId,
    chaincode: call.chaincode,
    args: call.args.map((arg) => (typeof arg === 'string' ? Buffer.from(arg) : arg)),
  });
}

function nameOf(call: ChaincodeCall): string {
  const [name] = call.args;
  return typeof name === 'string' ? name : 'call';
}
