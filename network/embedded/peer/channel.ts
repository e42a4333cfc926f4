import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from '../../protocol/channel-config';
import type { Msp } from '../../protocol/msp';
import type { Signer } from '../../protocol/signing';
import type { ChannelLedger } from './ledger/types';

/** A channel this peer has joined. */
export interface PeerChannel {
  readonly id: string;
  readonly ledger: ChannelLedger;
  /** The configuration in force: replaced whenever a configuration block commits. */
  config(): ChannelConfig;
}

/** What the services of one peer (endorser, gateway, deliver, system chaincodes) share. */
export interface PeerContext {
  readonly signer: Signer;
  readonly localMsp: Msp;
  /** host:port under which other nodes reach this peer (CORE_PEER_GOSSIP_EXTERNALENDPOINT, else CORE_PEER_ADDRESS). */
  readonly endpoint: string;
  channels(): readonly PeerChannel[];
  channel(channelId: string): PeerChannel | undefined;
  /** cscc JoinChain. Throws where genuine cscc answers an error (already joined, not a config block). */
  join(genesis: common.Block): Promise<void>;
}
