/** A channel this orderer takes part in, as the services see it. */
import type { Chain } from './chain';
import type { BlockStore } from './block-store';
import type { BatchLimits } from './block-cutter';

/** A signature over data by a serialized identity. */
export interface SignedData {
  readonly identity: Uint8Array;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/** What the orderer needs of a channel's configuration. */
export interface ChannelResources {
  readonly sequence: number;
  batch(): BatchLimits & { readonly timeoutMs: number; readonly absoluteMaxBytes: number };
  /** Undefined when the policy is met, else why not in the words a genuine orderer has. @param path such as `/Channel/Writers` */
  unsatisfied(path: string, signed: readonly SignedData[]): string | undefined;
}

export interface ActiveChannel {
  readonly state: 'active';
  readonly channelId: string;
  readonly resources: ChannelResources;
  readonly store: BlockStore;
  readonly chain: Chain;
}

/** A channel whose ledger can't be trusted: it is listed, and serves nothing. */
export interface FailedChannel {
  readonly state: 'failed';
  readonly channelId: string;
  readonly reason: string;
  /** Blocks known to be intact. */
  readonly height: number;
}

export type OrdererChannel = ActiveChannel | FailedChannel;
