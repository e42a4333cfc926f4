import type { ledger } from '@hyperledger/fabric-protos';
import type { PeerChannel } from '../channel';

/** Brings private write sets to the other peers that may hold them, before their transaction is ordered. */
export interface PrivateDataDistributor {
  distribute(channelId: string, txId: string, privateWriteSet: ledger.rwset.TxPvtReadWriteSet): Promise<void>;
}

/**
 * Keeps the cleartext of private writes until their transaction commits, here and with the other members. Only hashes
 * go into the transaction, so what is lost now can't be had from the ledger.
 */
export async function storePrivateWrites(
  channel: PeerChannel,
  txId: string,
  privateWriteSet: ledger.rwset.TxPvtReadWriteSet,
  distributor: PrivateDataDistributor,
): Promise<void> {
  await channel.ledger.transientStore.put(txId, channel.ledger.height, privateWriteSet.serializeBinary());
  await distributor.distribute(channel.id, txId, privateWriteSet);
}
