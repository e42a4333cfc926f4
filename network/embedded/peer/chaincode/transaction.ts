import type { peer } from '@hyperledger/fabric-protos';
import type { TransactionSimulator } from '../endorser/simulator';

/** The transaction on whose behalf a chaincode is called. */
export interface TransactionParams {
  /** Empty for calls that concern the peer and no channel. */
  readonly channelId: string;
  readonly txId: string;
  readonly signedProposal: peer.SignedProposal;
  /** State the call works on; undefined without a channel, and for cscc and qscc. */
  readonly simulator: TransactionSimulator | undefined;
}

/** First eight characters of a transaction id, as log lines carry it. */
export function shortTxId(txId: string): string {
  return txId.slice(0, 8);
}
