import type { peer } from '@hyperledger/fabric-protos';

/** A peer the gateway can ask to simulate and endorse a proposal: itself, or another one through gRPC. */
export interface GatewayEndorser {
  readonly mspId: string;
  /** host:port; the identity of the endorser within a plan, and what error details name. */
  readonly address: string;
  readonly local: boolean;
  /**
   * Sends the proposal. Rejects when the local endorser refuses it outright or the remote one can't be reached;
   * a simulation that failed is a response with a status outside 200–399.
   */
  processProposal(
    proposal: peer.SignedProposal,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<peer.ProposalResponse>;
}
