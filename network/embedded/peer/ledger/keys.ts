import type { Version } from '../../../protocol/version';
import type { StateEntry, StateKey } from '../../../protocol/validation/state';
import { orderedNumber, readOrderedNumber } from '../../../protocol/ordered-number';
import { readVarint, varint } from '../../../protocol/wire-encoder';

/**
 * Layout of a channel's LevelDB. Everything a block changes lies in one database, so that it changes in one batch and
 * one snapshot sees all of it. First byte of a key → what follows.
 */
export const Area = {
  /** namespace \0 key → state. */
  STATE: 0x64,
  /** namespace \0 key \0 block tx → nothing: which transactions wrote a key. */
  HISTORY: 0x68,
  /** Transaction id → code, block, position. */
  TRANSACTION: 0x74,
  /** Header hash → block number. */
  BLOCK_HASH: 0x62,
  /** The one savepoint. */
  SAVEPOINT: 0x73,
  /** namespace → nothing: namespaces in which some key ever had metadata. */
  METADATA_HINT: 0x6d,
  /** block tx → private write set (rwset.TxPvtReadWriteSet) that this peer holds. */
  PRIVATE: 0x70,
  /** block tx namespace \0 collection → nothing: private write sets still to be fetched. */
  MISSING: 0x71,
  /** Transaction id \0 serial → private write set between endorsement and commit. */
  TRANSIENT: 0x54,
  /** block namespace \0 collection \0 key hash → version: when a private key expires (blockToLive). */
  EXPIRY: 0x65,
} as const;

type AreaByte = (typeof Area)[keyof typeof Area];

const ZERO = Buffer.from([0]);

/** Namespace in which private values of a collection lie (privacyenabledstate derivePvtDataNs). */
export function privateNamespace(namespace: string, collection: string): string {
  return `${namespace}$$p${collection}`;
}

function keyBytes(key: StateKey): Uint8Array {
  return typeof key === 'string' ? Buffer.from(key, 'utf8') : key;
}

function area(byte: AreaByte, ...parts: Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([byte]), ...parts]);
}

export function stateKey(namespace: string, key: StateKey): Buffer {
  return area(Area.STATE, Buffer.from(namespace, 'utf8'), ZERO, keyBytes(key));
}

/** Bounds of a scan of [start, end); an empty end reaches to the namespace's last key (stateleveldb). */
export function stateRange(namespace: string, start: string, end: string): { gte: Buffer; lt: Buffer } {
  return {
    gte: stateKey(namespace, start),
    lt:
      end === ''
        ? area(Area.STATE, Buffer.from(namespace, 'utf8'), Buffer.from([1]))
        : stateKey(namespace, end),
  };
}

/** The key within its namespace. */
export function keyOfState(stored: Buffer, namespace: string): string {
  return stored.toString('utf8', Buffer.byteLength(namespace, 'utf8') + 2);
}

export function historyPrefix(namespace: string, key: string): Buffer {
  return area(Area.HISTORY, Buffer.from(namespace, 'utf8'), ZERO, Buffer.from(key, 'utf8'), ZERO);
}

export function historyKey(namespace: string, key: string, at: Version): Buffer {
  return Buffer.concat([historyPrefix(namespace, key), orderedNumber(at.block), orderedNumber(at.tx)]);
}

/**
 * Height at the end of a history key; undefined if it belongs to a longer key that only shares the prefix (keys may
 * contain zero bytes).
 */
export function heightOfHistory(stored: Buffer, prefixLength: number): Version | undefined {
  const heightLength = stored.length - prefixLength;
  if (heightLength < 2 || stored.readUInt8(prefixLength) > 8) return undefined;
  const block = readOrderedNumber(padded(stored), prefixLength);
  if (block.next >= stored.length) return undefined;
  const tx = readOrderedNumber(padded(stored), block.next);
  return tx.next === stored.length ? { block: block.value, tx: tx.value } : undefined;
}

/** Room for reading a number whose announced size runs past the key. */
function padded(stored: Buffer): Buffer {
  return Buffer.concat([stored, Buffer.alloc(256)]);
}

export function transactionKey(txId: string): Buffer {
  return area(Area.TRANSACTION, Buffer.from(txId, 'utf8'));
}

export function blockHashKey(headerHash: Uint8Array): Buffer {
  return area(Area.BLOCK_HASH, headerHash);
}

export const SAVEPOINT_KEY = Buffer.from([Area.SAVEPOINT]);

export function metadataHintKey(namespace: string): Buffer {
  return area(Area.METADATA_HINT, Buffer.from(namespace, 'utf8'));
}

export function privateKey(at: Version): Buffer {
  return area(Area.PRIVATE, orderedNumber(at.block), orderedNumber(at.tx));
}

/** A private write set this peer should hold, by transaction and collection. */
export interface PrivateSetId extends Version {
  readonly namespace: string;
  readonly collection: string;
}

export function missingKey(id: PrivateSetId): Buffer {
  return area(
    Area.MISSING,
    orderedNumber(id.block),
    orderedNumber(id.tx),
    Buffer.from(`${id.namespace}\0${id.collection}`, 'utf8'),
  );
}

export function readMissingKey(stored: Buffer): PrivateSetId {
  const block = readOrderedNumber(stored, 1);
  const tx = readOrderedNumber(stored, block.next);
  const names = stored.toString('utf8', tx.next);
  const separator = names.indexOf('\0');
  return {
    block: block.value,
    tx: tx.value,
    namespace: names.slice(0, separator),
    collection: names.slice(separator + 1),
  };
}

export function transientPrefix(txId: string): Buffer {
  return area(Area.TRANSIENT, Buffer.from(txId, 'utf8'), ZERO);
}

/** A private key and the block whose commit removes it. */
export interface Expiry {
  readonly block: number;
  readonly namespace: string;
  readonly collection: string;
  readonly keyHash: Uint8Array;
}

export function expiryPrefix(block: number): Buffer {
  return area(Area.EXPIRY, orderedNumber(block));
}

export function expiryKey(expiry: Expiry): Buffer {
  const names = Buffer.from(`${expiry.namespace}\0${expiry.collection}\0`, 'utf8');
  return Buffer.concat([expiryPrefix(expiry.block), names, expiry.keyHash]);
}

export function readExpiryKey(stored: Buffer): Expiry {
  const block = readOrderedNumber(stored, 1);
  const namespaceEnd = stored.indexOf(0, block.next);
  const collectionEnd = stored.indexOf(0, namespaceEnd + 1);
  return {
    block: block.value,
    namespace: stored.toString('utf8', block.next, namespaceEnd),
    collection: stored.toString('utf8', namespaceEnd + 1, collectionEnd),
    keyHash: stored.subarray(collectionEnd + 1),
  };
}

/** First key behind all that start with the prefix. */
export function behind(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix);
  for (let index = end.length - 1; index >= 0; index--) {
    const byte = end.readUInt8(index);
    if (byte === 0xff) continue;
    end.writeUInt8(byte + 1, index);
    return end.subarray(0, index + 1);
  }
  throw new RangeError('no key lies behind a prefix of 0xff bytes');
}

export interface StoredState extends StateEntry {
  readonly value: Buffer;
  readonly metadata: Buffer | undefined;
}

export function encodeState(value: Uint8Array, metadata: Uint8Array | undefined, version: Version): Buffer {
  const kept = metadata ?? new Uint8Array();
  return Buffer.concat([varint(version.block), varint(version.tx), varint(kept.length), kept, value]);
}

export function decodeState(stored: Buffer): StoredState {
  const block = readVarint(stored, 0);
  const tx = readVarint(stored, block.next);
  const metadata = readVarint(stored, tx.next);
  const valueStart = metadata.next + metadata.value;
  return {
    version: { block: block.value, tx: tx.value },
    metadata: metadata.value === 0 ? undefined : stored.subarray(metadata.next, valueStart),
    value: stored.subarray(valueStart),
  };
}
