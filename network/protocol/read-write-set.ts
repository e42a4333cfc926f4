import { sha256 } from './hash';
import {
  bool,
  bytes,
  decoder,
  int32,
  keepUnknown,
  message,
  repeated,
  string,
  uint64,
  type KeepsUnknown,
} from './strict-decoder';
import type { Version } from './version';

/** Read and write sets as they are validated and committed (ledger/rwset, kvrwset), decoded strictly. */
export interface Read extends KeepsUnknown {
  key: string;
  /** Absent when the key did not exist. */
  version: Version | undefined;
}

export interface MerkleSummary extends KeepsUnknown {
  maxDegree: number;
  maxLevel: number;
  maxLevelHashes: Uint8Array[];
}

export interface RangeQuery extends KeepsUnknown {
  startKey: string;
  endKey: string;
  exhausted: boolean;
  /** Exactly one of the two is set by a genuine simulator. */
  rawReads: Read[] | undefined;
  merkleSummary: MerkleSummary | undefined;
}

export interface Write extends KeepsUnknown {
  key: string;
  isDelete: boolean;
  value: Uint8Array;
}

export interface MetadataEntry extends KeepsUnknown {
  name: string;
  value: Uint8Array;
}

/** Metadata of a key; no entries means that its metadata is deleted. */
export interface MetadataWrite extends KeepsUnknown {
  key: string;
  entries: MetadataEntry[];
}

export interface KeyValueSet extends KeepsUnknown {
  reads: Read[];
  rangeQueries: RangeQuery[];
  writes: Write[];
  metadataWrites: MetadataWrite[];
}

/** Key hashes are held as latin1 strings, one character a byte, so that they can be map keys. */
export interface HashedRead extends KeepsUnknown {
  keyHash: string;
  version: Version | undefined;
}

export interface HashedWrite extends KeepsUnknown {
  keyHash: string;
  isDelete: boolean;
  valueHash: Uint8Array;
  isPurge: boolean;
}

export interface HashedMetadataWrite extends KeepsUnknown {
  keyHash: string;
  entries: MetadataEntry[];
}

export interface CollectionHashedSet extends KeepsUnknown {
  collection: string;
  reads: HashedRead[];
  writes: HashedWrite[];
  metadataWrites: HashedMetadataWrite[];
  /** SHA-256 of the private write set (CollectionPvtReadWriteSet.rwset); empty when there is none. */
  privateHash: Uint8Array;
}

export interface NamespaceSet extends KeepsUnknown {
  namespace: string;
  public: KeyValueSet;
  collections: CollectionHashedSet[];
}

export interface PrivateCollectionSet {
  collection: string;
  /** Serialized kvrwset.KVRWSet: what `privateHash` of the hashed set covers. */
  encoded: Uint8Array;
}

export interface PrivateNamespaceSet {
  namespace: string;
  collections: PrivateCollectionSet[];
}

const decodeVersion = decoder<{ block: number; tx: number }>(() => ({ block: 0, tx: 0 }), {
  1: uint64((target, value) => (target.block = value)),
  2: uint64((target, value) => (target.tx = value)),
});

const decodeRead = decoder<Read>(
  () => ({ key: '', version: undefined }),
  {
    1: string((target, value) => (target.key = value)),
    2: message(
      decodeVersion,
      (target) => target.version,
      (target, value) => (target.version = value),
    ),
  },
  keepUnknown,
);

const decodeQueryReads = decoder<Read[]>(() => [], {
  1: repeated(decodeRead, (target, value) => target.push(value)),
});

const decodeMerkleSummary = decoder<MerkleSummary>(
  () => ({ maxDegree: 0, maxLevel: 0, maxLevelHashes: [] }),
  {
    1: int32((target, value) => (target.maxDegree = value >>> 0)),
    2: int32((target, value) => (target.maxLevel = value >>> 0)),
    3: bytes((target, value) => target.maxLevelHashes.push(value)),
  },
  keepUnknown,
);

const decodeRangeQuery = decoder<RangeQuery>(
  () => ({ startKey: '', endKey: '', exhausted: false, rawReads: undefined, merkleSummary: undefined }),
  {
    1: string((target, value) => (target.startKey = value)),
    2: string((target, value) => (target.endKey = value)),
    3: bool((target, value) => (target.exhausted = value)),
    4: message(
      decodeQueryReads,
      (target) => target.rawReads,
      (target, value) => {
        target.rawReads = value;
        target.merkleSummary = undefined;
      },
    ),
    5: message(
      decodeMerkleSummary,
      (target) => target.merkleSummary,
      (target, value) => {
        target.merkleSummary = value;
        target.rawReads = undefined;
      },
    ),
  },
  keepUnknown,
);

const decodeWrite = decoder<Write>(
  () => ({ key: '', isDelete: false, value: new Uint8Array() }),
  {
    1: string((target, value) => (target.key = value)),
    2: bool((target, value) => (target.isDelete = value)),
    3: bytes((target, value) => (target.value = value)),
  },
  keepUnknown,
);

const decodeMetadataEntry = decoder<MetadataEntry>(
  () => ({ name: '', value: new Uint8Array() }),
  {
    1: string((target, value) => (target.name = value)),
    2: bytes((target, value) => (target.value = value)),
  },
  keepUnknown,
);

/** Also the form in which a key's metadata is stored (statemetadata.Deserialize). */
export const decodeMetadataWrite = decoder<MetadataWrite>(
  () => ({ key: '', entries: [] }),
  {
    1: string((target, value) => (target.key = value)),
    2: repeated(decodeMetadataEntry, (target, value) => target.entries.push(value)),
  },
  keepUnknown,
);

/** kvrwset.KVRWSet. Throws MalformedMessage. */
export const decodeKeyValueSet = decoder<KeyValueSet>(
  () => ({ reads: [], rangeQueries: [], writes: [], metadataWrites: [] }),
  {
    1: repeated(decodeRead, (target, value) => target.reads.push(value)),
    2: repeated(decodeRangeQuery, (target, value) => target.rangeQueries.push(value)),
    3: repeated(decodeWrite, (target, value) => target.writes.push(value)),
    4: repeated(decodeMetadataWrite, (target, value) => target.metadataWrites.push(value)),
  },
  keepUnknown,
);

/** A key hash as a map key. */
export function hashedKey(keyHash: Uint8Array): string {
  return Buffer.from(keyHash.buffer, keyHash.byteOffset, keyHash.byteLength).toString('latin1');
}

const decodeHashedRead = decoder<HashedRead>(
  () => ({ keyHash: '', version: undefined }),
  {
    1: bytes((target, value) => (target.keyHash = hashedKey(value))),
    2: message(
      decodeVersion,
      (target) => target.version,
      (target, value) => (target.version = value),
    ),
  },
  keepUnknown,
);

const decodeHashedWrite = decoder<HashedWrite>(
  () => ({ keyHash: '', isDelete: false, valueHash: new Uint8Array(), isPurge: false }),
  {
    1: bytes((target, value) => (target.keyHash = hashedKey(value))),
    2: bool((target, value) => (target.isDelete = value)),
    3: bytes((target, value) => (target.valueHash = value)),
    4: bool((target, value) => (target.isPurge = value)),
  },
  keepUnknown,
);

const decodeHashedMetadataWrite = decoder<HashedMetadataWrite>(
  () => ({ keyHash: '', entries: [] }),
  {
    1: bytes((target, value) => (target.keyHash = hashedKey(value))),
    2: repeated(decodeMetadataEntry, (target, value) => target.entries.push(value)),
  },
  keepUnknown,
);

type HashedSet = Pick<CollectionHashedSet, 'reads' | 'writes' | 'metadataWrites' | 'unknown'>;

const decodeHashedSet = decoder<HashedSet>(
  () => ({ reads: [], writes: [], metadataWrites: [] }),
  {
    1: repeated(decodeHashedRead, (target, value) => target.reads.push(value)),
    2: repeated(decodeHashedWrite, (target, value) => target.writes.push(value)),
    3: repeated(decodeHashedMetadataWrite, (target, value) => target.metadataWrites.push(value)),
  },
  keepUnknown,
);

interface RawCollection extends KeepsUnknown {
  collection: string;
  hashed: Uint8Array;
  privateHash: Uint8Array;
}

const decodeRawCollection = decoder<RawCollection>(
  () => ({ collection: '', hashed: new Uint8Array(), privateHash: new Uint8Array() }),
  {
    1: string((target, value) => (target.collection = value)),
    2: bytes((target, value) => (target.hashed = value)),
    3: bytes((target, value) => (target.privateHash = value)),
  },
  keepUnknown,
);

interface RawNamespace extends KeepsUnknown {
  namespace: string;
  public: Uint8Array;
  collections: RawCollection[];
}

const decodeRawNamespace = decoder<RawNamespace>(
  () => ({ namespace: '', public: new Uint8Array(), collections: [] }),
  {
    1: string((target, value) => (target.namespace = value)),
    2: bytes((target, value) => (target.public = value)),
    3: repeated(decodeRawCollection, (target, value) => target.collections.push(value)),
  },
  keepUnknown,
);

const decodeRawSet = decoder<RawNamespace[]>(() => [], {
  2: repeated(decodeRawNamespace, (target, value) => target.push(value)),
});

/** rwset.TxReadWriteSet with everything inside. Throws MalformedMessage (rwsetutil TxRwSet.FromProtoBytes). */
export function decodeReadWriteSet(encoded: Uint8Array): NamespaceSet[] {
  return decodeRawSet(encoded).map(({ namespace, public: own, collections, unknown }) => ({
    namespace,
    public: decodeKeyValueSet(own),
    collections: collections.map(decodeCollection),
    ...(unknown && { unknown }),
  }));
}

function decodeCollection({ collection, hashed, privateHash, unknown }: RawCollection): CollectionHashedSet {
  const set = decodeHashedSet(hashed);
  const all = [...(unknown ?? []), ...(set.unknown ?? [])];
  return { collection, privateHash, ...set, ...(all.length > 0 && { unknown: all }) };
}

const decodePrivateCollection = decoder<PrivateCollectionSet>(
  () => ({ collection: '', encoded: new Uint8Array() }),
  {
    1: string((target, value) => (target.collection = value)),
    2: bytes((target, value) => (target.encoded = value)),
  },
);

const decodePrivateNamespace = decoder<PrivateNamespaceSet>(() => ({ namespace: '', collections: [] }), {
  1: string((target, value) => (target.namespace = value)),
  2: repeated(decodePrivateCollection, (target, value) => target.collections.push(value)),
});

/** rwset.TxPvtReadWriteSet. Throws MalformedMessage. */
export const decodePrivateReadWriteSet = decoder<PrivateNamespaceSet[]>(() => [], {
  2: repeated(decodePrivateNamespace, (target, value) => target.push(value)),
});

/** An empty value deletes, too (rwsetutil IsKVWriteDelete, FAB-18386). */
export function deletes(write: Write): boolean {
  return write.isDelete || write.value.length === 0;
}

const hashOfNothing = sha256();

/** rwsetutil IsKVWriteHashDelete. */
export function deletesHashed(write: HashedWrite): boolean {
  return write.isDelete || write.valueHash.length === 0 || hashOfNothing.equals(write.valueHash);
}
