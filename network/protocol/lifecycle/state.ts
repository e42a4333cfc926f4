/**
 * The views of state on which lifecycle works (core/chaincode/lifecycle/serializer.go). Keys are those inside the
 * `_lifecycle` namespace, or inside one implicit collection of it.
 */
export interface ReadableState {
  getState(key: string): Promise<Uint8Array | undefined>;
}

export interface ReadWritableState extends ReadableState {
  putState(key: string, value: Uint8Array): Promise<void>;
  delState(key: string): Promise<void>;
}

/** A collection of which only the hashes of its values may be known here. */
export interface OpaqueState {
  readonly collection: string;
  getStateHash(key: string): Promise<Uint8Array | undefined>;
}

export interface RangeableState {
  /** Values of every key that starts with the prefix. */
  getStateRange(prefix: string): Promise<Map<string, Uint8Array>>;
}

/** What a state snapshot, a simulator or a validator's view have in common. */
export interface NamespacedReader {
  get(namespace: string, key: string): Promise<{ readonly value: Uint8Array } | undefined>;
}

export const LIFECYCLE_NAMESPACE = '_lifecycle';

/** The `_lifecycle` namespace of a wider view. */
export function lifecycleState(reader: NamespacedReader): ReadableState {
  return { getState: async (key) => (await reader.get(LIFECYCLE_NAMESPACE, key))?.value };
}
