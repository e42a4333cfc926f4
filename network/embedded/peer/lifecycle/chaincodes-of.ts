import type { PeerChannel } from '../channel';
import type { ChaincodeInfo, LocalChaincode } from './chaincode-info';

/** Committed chaincodes of a channel which this peer can endorse for: approved by its organization and installed here. */
export async function chaincodesOf(channel: PeerChannel, info: ChaincodeInfo): Promise<LocalChaincode[]> {
  const snapshot = await channel.ledger.snapshot();
  try {
    const all = await info.localChaincodes(channel.id, snapshot);
    return all.filter(({ approved, installed }) => approved && installed !== undefined);
  } finally {
    await snapshot.close();
  }
}
