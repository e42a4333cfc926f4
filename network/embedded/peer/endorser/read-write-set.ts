import { ledger } from '@hyperledger/fabric-protos';
import { sha256 } from '../../../protocol/hash';
import type { Version } from '../../../protocol/version';
import { valuesByKey } from './byte-order';

const { rwset } = ledger;
const { kvrwset } = rwset;
type RangeQueryInfo = ledger.rwset.kvrwset.RangeQueryInfo;

/** What a simulation read and wrote, in the messages a transaction carries. */
export interface SimulationResults {
  readonly publicSet: ledger.rwset.TxReadWriteSet;
  /** Cleartext private writes; undefined when there are none. */
  readonly privateSet: ledger.rwset.TxPvtReadWriteSet | undefined;
}

interface Collection {
  readonly reads: Map<string, ledger.rwset.kvrwset.KVReadHash>;
  readonly writes: Map<string, ledger.rwset.kvrwset.KVWriteHash>;
  /** The same writes in clear. */
  readonly privateWrites: Map<string, ledger.rwset.kvrwset.KVWrite>;
}

interface Namespace {
  readonly reads: Map<string, ledger.rwset.kvrwset.KVRead>;
  readonly writes: Map<string, ledger.rwset.kvrwset.KVWrite>;
  readonly rangeQueries: Map<string, RangeQueryInfo>;
  readonly collections: Map<string, Collection>;
}

/**
 * Collects a transaction's read/write set. Its serialized form is what endorsers must agree on to the byte, so order
 * and omissions follow core/ledger/kvledger/txmgmt/rwsetutil/rwset_builder.go: everything sorted by the bytes of its
 * key, range queries in the order they were made, the last read and write of a key winning.
 */
export class ReadWriteSet {
  readonly #namespaces = new Map<string, Namespace>();

  addRead(namespace: string, key: string, version: Version | undefined): void {
    this.#namespace(namespace).reads.set(key, kvRead(key, version));
  }

  /** No value, or an empty one, is a deletion (FAB-18386). */
  addWrite(namespace: string, key: string, value: Uint8Array | undefined): void {
    this.#namespace(namespace).writes.set(key, kvWrite(key, value));
  }

  /** Of two queries with the same bounds and outcome only the first is kept. */
  addRangeQuery(namespace: string, query: RangeQueryInfo): void {
    const identity = JSON.stringify([query.getStartKey(), query.getEndKey(), query.getItrExhausted()]);
    const queries = this.#namespace(namespace).rangeQueries;
    if (!queries.has(identity)) queries.set(identity, query);
  }

  addHashedRead(namespace: string, collection: string, key: string, version: Version | undefined): void {
    const read = new kvrwset.KVReadHash();
    read.setKeyHash(sha256(Buffer.from(key, 'utf8')));
    if (version !== undefined) read.setVersion(versionMessage(version));
    this.#collection(namespace, collection).reads.set(key, read);
  }

  addPrivateWrite(namespace: string, collection: string, key: string, value: Uint8Array | undefined): void {
    const clear = kvWrite(key, value);
    const hashed = new kvrwset.KVWriteHash();
    hashed.setKeyHash(sha256(Buffer.from(key, 'utf8')));
    hashed.setIsDelete(clear.getIsDelete());
    if (!clear.getIsDelete()) hashed.setValueHash(sha256(clear.getValue_asU8()));
    const target = this.#collection(namespace, collection);
    target.privateWrites.set(key, clear);
    target.writes.set(key, hashed);
  }

  results(): SimulationResults {
    const publicSet = new rwset.TxReadWriteSet();
    publicSet.setDataModel(rwset.TxReadWriteSet.DataModel.KV);
    const privateSet = new rwset.TxPvtReadWriteSet();
    privateSet.setDataModel(rwset.TxReadWriteSet.DataModel.KV);

    const named = new Map([...this.#namespaces].map(([name, content]) => [name, { name, content }]));
    for (const { name, content } of valuesByKey(named)) {
      publicSet.addNsRwset(publicNamespace(name, content));
      const privateNamespace = privateWrites(name, content);
      if (privateNamespace !== undefined) privateSet.addNsPvtRwset(privateNamespace);
    }
    return {
      publicSet,
      privateSet: privateSet.getNsPvtRwsetList().length > 0 ? privateSet : undefined,
    };
  }

  #namespace(name: string): Namespace {
    let namespace = this.#namespaces.get(name);
    if (namespace === undefined) {
      namespace = { reads: new Map(), writes: new Map(), rangeQueries: new Map(), collections: new Map() };
      this.#namespaces.set(name, namespace);
    }
    return namespace;
  }

  #collection(namespace: string, name: string): Collection {
    const { collections } = this.#namespace(namespace);
    let collection = collections.get(name);
    if (collection === undefined) {
      collection = { reads: new Map(), writes: new Map(), privateWrites: new Map() };
      collections.set(name, collection);
    }
    return collection;
  }
}

/** A read as read sets and range query results carry it; no version means the key did not exist. */
export function kvRead(key: string, version: Version | undefined): ledger.rwset.kvrwset.KVRead {
  const read = new kvrwset.KVRead();
  read.setKey(key);
  if (version !== undefined) read.setVersion(versionMessage(version));
  return read;
}

function versionMessage(version: Version): ledger.rwset.kvrwset.Version {
  const message = new kvrwset.Version();
  message.setBlockNum(version.block);
  message.setTxNum(version.tx);
  return message;
}

function kvWrite(key: string, value: Uint8Array | undefined): ledger.rwset.kvrwset.KVWrite {
  const write = new kvrwset.KVWrite();
  write.setKey(key);
  write.setIsDelete(value === undefined || value.length === 0);
  if (value !== undefined) write.setValue(value);
  return write;
}

function publicNamespace(name: string, content: Namespace): ledger.rwset.NsReadWriteSet {
  const set = new kvrwset.KVRWSet();
  set.setReadsList(valuesByKey(content.reads));
  set.setWritesList(valuesByKey(content.writes));
  set.setRangeQueriesInfoList([...content.rangeQueries.values()]);
  const namespace = new rwset.NsReadWriteSet();
  namespace.setNamespace(name);
  namespace.setRwset(set.serializeBinary());
  for (const collection of namedCollections(content)) {
    namespace.addCollectionHashedRwset(hashedCollection(collection.name, collection.content));
  }
  return namespace;
}

function hashedCollection(name: string, content: Collection): ledger.rwset.CollectionHashedReadWriteSet {
  const hashed = new kvrwset.HashedRWSet();
  hashed.setHashedReadsList(valuesByKey(content.reads));
  hashed.setHashedWritesList(valuesByKey(content.writes));
  const collection = new rwset.CollectionHashedReadWriteSet();
  collection.setCollectionName(name);
  collection.setHashedRwset(hashed.serializeBinary());
  if (content.privateWrites.size > 0) collection.setPvtRwsetHash(sha256(clearWrites(content)));
  return collection;
}

function privateWrites(name: string, content: Namespace): ledger.rwset.NsPvtReadWriteSet | undefined {
  const namespace = new rwset.NsPvtReadWriteSet();
  namespace.setNamespace(name);
  for (const collection of namedCollections(content)) {
    if (collection.content.privateWrites.size === 0) continue;
    const entry = new rwset.CollectionPvtReadWriteSet();
    entry.setCollectionName(collection.name);
    entry.setRwset(clearWrites(collection.content));
    namespace.addCollectionPvtRwset(entry);
  }
  return namespace.getCollectionPvtRwsetList().length > 0 ? namespace : undefined;
}

function clearWrites(content: Collection): Uint8Array {
  const set = new kvrwset.KVRWSet();
  set.setWritesList(valuesByKey(content.privateWrites));
  return set.serializeBinary();
}

function namedCollections(content: Namespace): { name: string; content: Collection }[] {
  return valuesByKey(
    new Map([...content.collections].map(([name, collection]) => [name, { name, content: collection }])),
  );
}
