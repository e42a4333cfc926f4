import type { Version } from '../version';

/** A key as state holds it: text, or a hash's raw bytes. */
export type StateKey = string | Uint8Array;

export interface PlacedKey {
  /** Of hashes: as `hashNamespace` derives it. */
  readonly namespace: string;
  readonly key: StateKey;
}

export interface StateEntry {
  readonly value: Uint8Array;
  /** Serialized kvrwset.KVMetadataWrite; undefined when the key has none. */
  readonly metadata: Uint8Array | undefined;
  readonly version: Version;
}

/** What committed transactions left behind, as far as validation reads it. */
export interface CommittedState {
  get(namespace: string, key: StateKey): Promise<StateEntry | undefined>;
  /** In the order of the keys. */
  getMany(keys: readonly PlacedKey[]): Promise<(StateEntry | undefined)[]>;
  /** Keys in [start, end) in byte order of their UTF-8 form; an empty end means unbounded. */
  range(namespace: string, start: string, end: string): AsyncIterable<StateEntry & { readonly key: string }>;
}

/** Namespace in which the hashes of a collection's values lie (privacyenabledstate deriveHashedDataNs). */
export function hashNamespace(namespace: string, collection: string): string {
  return `${namespace}$$h${collection}`;
}
