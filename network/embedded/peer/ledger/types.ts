import type { common, peer } from '@hyperledger/fabric-protos';
import type { ValidationCode } from '../../../protocol/validation-code';
import type { Version } from '../../../protocol/version';

export interface VersionedValue {
  readonly value: Uint8Array;
  readonly version: Version;
  /** Serialized kvrwset.KVMetadataWrite, where key-level policies stand; undefined when the key has none. */
  readonly metadata?: Uint8Array | undefined;
}

export interface KeyedValue extends VersionedValue {
  readonly key: string;
}

/** One entry of a key's history, newest first, as `GetHistoryForKey` returns it. */
export interface KeyModification {
  readonly txId: string;
  readonly value: Uint8Array;
  /** The channel header's timestamp: claimed by the client. */
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
  readonly isDelete: boolean;
}

/** A consistent view of the committed state at one height; it is not moved by later commits. Must be closed. */
export interface StateSnapshot {
  /** Number of committed blocks this view includes. */
  readonly height: number;
  get(namespace: string, key: string): Promise<VersionedValue | undefined>;
  /** Keys in [start, end) in byte order of their UTF-8 form; an empty end means unbounded. */
  range(namespace: string, start: string, end: string): AsyncIterable<KeyedValue>;
  /** Value and version of a private key this peer holds. */
  getPrivate(namespace: string, collection: string, key: string): Promise<VersionedValue | undefined>;
  /** SHA-256 of a private value with its version, known to every member of the channel. */
  getPrivateHash(
    namespace: string,
    collection: string,
    keyHash: Uint8Array,
  ): Promise<{ valueHash: Uint8Array; version: Version } | undefined>;
  history(namespace: string, key: string): AsyncIterable<KeyModification>;
  close(): Promise<void>;
}

/** What listeners hear after a block and its state are safe on disk. */
export interface CommittedBlock {
  readonly block: common.Block;
  readonly number: number;
  /** One entry a transaction, in block order; txId is empty for configuration transactions without one. */
  readonly transactions: readonly { readonly txId: string; readonly code: ValidationCode }[];
}

/** Private write sets between endorsement and commit (the transient store). Survives a restart. */
export interface TransientStore {
  put(
    txId: string,
    receivedAtHeight: number,
    privateWriteSet: Uint8Array /* rwset.TxPvtReadWriteSet */,
  ): Promise<void>;
  get(txId: string): Promise<Uint8Array[]>;
  purge(txIds: readonly string[]): Promise<void>;
}

/** Blocks, state, history and private data of one channel on one peer. */
export interface ChannelLedger {
  readonly channelId: string;
  readonly height: number;
  /** Header hashes of the last block and the one before it (empty before block 0). */
  readonly currentBlockHash: Uint8Array;
  readonly previousBlockHash: Uint8Array;
  readonly transientStore: TransientStore;
  block(number: number): Promise<common.Block | undefined>;
  blockByHash(headerHash: Uint8Array): Promise<common.Block | undefined>;
  blockByTxId(txId: string): Promise<common.Block | undefined>;
  transaction(txId: string): Promise<peer.ProcessedTransaction | undefined>;
  /** Outcome of a committed transaction; undefined while it is unknown here. */
  outcome(txId: string): Promise<{ code: ValidationCode; block: number } | undefined>;
  snapshot(): Promise<StateSnapshot>;
  /** Called in block order; returns the function that ends the subscription. */
  onCommit(listener: (committed: CommittedBlock) => void): () => void;
  close(): Promise<void>;
}
