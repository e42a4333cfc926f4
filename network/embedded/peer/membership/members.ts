import type { Identity } from '../../../protocol/msp';

/** A chaincode a peer can run on a channel: it has a package for the committed definition. */
export interface RunnableChaincode {
  readonly name: string;
  readonly sequence: number;
}

/** A live peer of a channel, as the gateway needs to know it. */
export interface ChannelMember {
  readonly mspId: string;
  /** host:port */
  readonly endpoint: string;
  /** Undefined for a peer that does not take part in the exchange (a genuine one): known by its anchor entry alone. */
  readonly identity: Identity | undefined;
  /** Committed blocks as last told; 0 when it told nothing. */
  readonly height: number;
  /** Undefined when it told nothing: it is simply tried. */
  readonly chaincodes: readonly RunnableChaincode[] | undefined;
  /** It left this peer's last question unanswered: others are asked before it. */
  readonly silent?: boolean;
  /** This very peer. */
  readonly local: boolean;
}

/** Who is in a channel and alive. */
export interface ChannelMembers {
  /** Live peers of the channel, this one included when it has joined. */
  peersOf(channelId: string): readonly ChannelMember[];
  /** A call to the peer failed: look at it again at once. */
  suspect(endpoint: string): void;
  /**
   * A call to the peer takes long: finds out whether it is there at all and calls the listener if not. Ends with the
   * function returned.
   */
  watch(endpoint: string, onDead: () => void): () => void;
}
