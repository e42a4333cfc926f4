import type { PeerChannel } from '../channel';
import { TransactionSimulator } from './simulator';

/** A simulator on the newest committed state of a channel. The caller ends it with `done`. */
export async function openSimulator(channel: PeerChannel, txId: string): Promise<TransactionSimulator> {
  const organizations = channel
    .config()
    .organizations()
    .map(({ mspId }) => mspId);
  return new TransactionSimulator({ txId, snapshot: await channel.ledger.snapshot(), organizations });
}
