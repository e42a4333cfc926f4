import { ledger } from '@hyperledger/fabric-protos';
import { sha256 } from '../../../protocol/hash';
import { implicitCollection } from '../../../protocol/lifecycle/definition';
import { LIFECYCLE_NAMESPACE } from '../../../protocol/lifecycle/state';
import { RangeQueryResults } from '../../../protocol/validation/range-query-results';
import type { KeyedValue, KeyModification, StateSnapshot } from '../ledger/types';
import { sameVersion, type Version } from '../../../protocol/version';
import { kvRead, ReadWriteSet, type SimulationResults } from './read-write-set';
import type { ResultsIterator } from './results-iterator';

const { kvrwset } = ledger.rwset;

/** Which namespaces and collections a simulation touched, beyond what its read/write set says. */
export interface SimulationTrace {
  /** namespace → collections of which values (not only hashes) were read. */
  readonly privateReads: ReadonlyMap<string, ReadonlySet<string>>;
  /** namespace → collections written; the empty name stands for public state. */
  readonly writes: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface SimulatorOptions {
  readonly txId: string;
  readonly snapshot: StateSnapshot;
  /** MSP ids of the channel's application organizations: each owns an implicit collection of `_lifecycle`. */
  readonly organizations: readonly string[];
}

/**
 * Runs a transaction against one committed height, recording what it reads and writes. Reads never see the
 * transaction's own writes. Source: core/ledger/kvledger/txmgmt/txmgr (query_executor.go, tx_simulator.go); the texts of
 * refusals are from there.
 */
export class TransactionSimulator {
  readonly txId: string;
  readonly #snapshot: StateSnapshot;
  readonly #collections: ReadonlySet<string>;
  readonly #set = new ReadWriteSet();
  readonly #ranges: RecordedRange[] = [];
  readonly #privateReads = new Map<string, Set<string>>();
  readonly #writes = new Map<string, Set<string>>();
  readonly #open = new Set<{ close(): Promise<void> }>();
  #paginated = false;
  #running = 0;
  #done = false;
  #closed: (() => void) | undefined;

  constructor(options: SimulatorOptions) {
    this.txId = options.txId;
    this.#snapshot = options.snapshot;
    this.#collections = new Set(options.organizations.map(implicitCollection));
  }

  getState(namespace: string, key: string): Promise<Uint8Array | undefined> {
    return this.#run(async () => {
      const found = await this.#snapshot.get(namespace, key);
      this.#set.addRead(namespace, key, found?.version);
      return found?.value;
    });
  }

  /** Reads without recording: for what every peer derives from its own state, such as installed packages. */
  peek<T>(read: (snapshot: StateSnapshot) => Promise<T>): Promise<T> {
    return this.#run(() => read(this.#snapshot));
  }

  /** No value, or an empty one, deletes. Throws after a paginated query. */
  setState(namespace: string, key: string, value: Uint8Array | undefined): void {
    this.#assertWritable();
    this.#set.addWrite(namespace, key, value);
    addTo(this.#writes, namespace, '');
  }

  /** Keys in [start, end); an empty end is unbounded. */
  range(namespace: string, start: string, end: string): ResultsIterator<KeyedValue> {
    return this.#range(namespace, start, end, 0);
  }

  /** As `range`, ending after `pageSize` results (0: no limit). Throws in a transaction that writes. */
  paginatedRange(
    namespace: string,
    start: string,
    end: string,
    pageSize: number,
  ): ResultsIterator<KeyedValue> {
    if (this.#writes.size > 0) {
      throw this.#unsupported('Paginated queries are supported only in a read-only transaction');
    }
    this.#paginated = true;
    return this.#range(namespace, start, end, pageSize);
  }

  /** Committed changes of a key, newest first. Not part of the read set: nothing is checked at commit. */
  history(namespace: string, key: string): ResultsIterator<KeyModification> {
    this.#assertNotDone();
    return this.#track(new OpenIterator(this.#snapshot.history(namespace, key), (next) => this.#run(next)));
  }

  getPrivateData(namespace: string, collection: string, key: string): Promise<Uint8Array | undefined> {
    return this.#run(async () => {
      this.#assertCollection(namespace, collection);
      const found = await this.#snapshot.getPrivate(namespace, collection, key);
      const hash = await this.#snapshot.getPrivateHash(namespace, collection, keyHash(key));
      if (!sameVersion(found?.version, hash?.version)) {
        throw new Error(
          'private data matching public hash version is not available. ' +
            `Public hash version = ${heightText(hash?.version)}, Private data version = ${heightText(found?.version)}`,
        );
      }
      this.#set.addHashedRead(namespace, collection, key, found?.version);
      addTo(this.#privateReads, namespace, collection);
      return found?.value;
    });
  }

  /** SHA-256 of a private value: known to every member of the channel. */
  getPrivateDataHash(namespace: string, collection: string, key: string): Promise<Uint8Array | undefined> {
    return this.#run(async () => {
      this.#assertCollection(namespace, collection);
      const found = await this.#snapshot.getPrivateHash(namespace, collection, keyHash(key));
      this.#set.addHashedRead(namespace, collection, key, found?.version);
      return found?.valueHash;
    });
  }

  setPrivateData(namespace: string, collection: string, key: string, value: Uint8Array | undefined): void {
    this.#assertCollection(namespace, collection);
    this.#assertWritable();
    this.#set.addPrivateWrite(namespace, collection, key, value);
    addTo(this.#writes, namespace, collection);
  }

  /** To be taken once, when the chaincode has answered. */
  results(): SimulationResults & { readonly trace: SimulationTrace } {
    for (const range of this.#ranges) this.#set.addRangeQuery(range.namespace, range.finish());
    this.#ranges.length = 0;
    return { ...this.#set.results(), trace: { privateReads: this.#privateReads, writes: this.#writes } };
  }

  /** Ends the simulation and releases the snapshot once reads still under way have returned. May be repeated. */
  async done(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#closed = resolve;
      });
    }
    await Promise.all([...this.#open].map((iterator) => iterator.close()));
    await this.#snapshot.close();
  }

  #range(namespace: string, start: string, end: string, pageSize: number): ResultsIterator<KeyedValue> {
    this.#assertNotDone();
    const source = new OpenIterator(this.#snapshot.range(namespace, start, end), (next) => this.#run(next));
    const range = new RecordedRange(namespace, start, end, pageSize, this.#track(source));
    this.#ranges.push(range);
    return range;
  }

  #track<T extends { close(): Promise<void> }>(iterator: T): T {
    this.#open.add(iterator);
    return iterator;
  }

  async #run<T>(operation: () => Promise<T>): Promise<T> {
    this.#assertNotDone();
    this.#running += 1;
    try {
      return await operation();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#closed?.();
    }
  }

  #assertWritable(): void {
    this.#assertNotDone();
    if (this.#paginated) {
      throw this.#unsupported('Transaction has already performed a paginated query. Writes are not allowed');
    }
  }

  #assertNotDone(): void {
    if (this.#done) throw new Error('this instance should not be used after calling Done()');
  }

  #assertCollection(namespace: string, collection: string): void {
    if (namespace !== LIFECYCLE_NAMESPACE || !this.#collections.has(collection)) {
      throw new Error(
        `collection [${collection}] not defined in the collection config for chaincode [${namespace}]`,
      );
    }
  }

  /** Fabric's own spelling. */
  #unsupported(reason: string): Error {
    return new Error(`txid [${this.txId}]: unsuppored transaction. ${reason}`);
  }
}

/** An async iteration that reads one item at a time and can be closed at any moment. */
class OpenIterator<T> implements ResultsIterator<T> {
  readonly #items: AsyncIterator<T>;
  readonly #guard: (next: () => Promise<IteratorResult<T>>) => Promise<IteratorResult<T>>;
  #closed = false;

  constructor(
    items: AsyncIterable<T>,
    guard: (next: () => Promise<IteratorResult<T>>) => Promise<IteratorResult<T>>,
  ) {
    this.#items = items[Symbol.asyncIterator]();
    this.#guard = guard;
  }

  async next(): Promise<T | undefined> {
    if (this.#closed) return undefined;
    const item = await this.#guard(() => this.#items.next());
    return item.done === true ? undefined : item.value;
  }

  async bookmarkAndClose(): Promise<string> {
    await this.close();
    return '';
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#items.return?.();
  }
}

/**
 * A range query that remembers what it handed out. The end recorded is the last key returned, or the queried end once
 * the caller has been told there is no more: it may stop at any result (query_executor.go resultsItr).
 */
class RecordedRange implements ResultsIterator<KeyedValue> {
  readonly namespace: string;
  readonly #end: string;
  readonly #pageSize: number;
  readonly #source: ResultsIterator<KeyedValue>;
  readonly #query = new kvrwset.RangeQueryInfo();
  readonly #results = new RangeQueryResults();
  #returned = 0;

  constructor(
    namespace: string,
    start: string,
    end: string,
    pageSize: number,
    source: ResultsIterator<KeyedValue>,
  ) {
    this.namespace = namespace;
    this.#end = end;
    this.#pageSize = pageSize;
    this.#source = source;
    this.#query.setStartKey(start);
  }

  async next(): Promise<KeyedValue | undefined> {
    const pageFull = this.#pageSize > 0 && this.#returned >= this.#pageSize;
    const found = pageFull ? undefined : await this.#source.next();
    if (found === undefined) {
      this.#query.setItrExhausted(true);
      this.#query.setEndKey(this.#end);
      return undefined;
    }
    this.#returned += 1;
    this.#results.add({ key: found.key, version: found.version });
    this.#query.setEndKey(found.key);
    return found;
  }

  async bookmarkAndClose(): Promise<string> {
    const following = await this.#source.next();
    await this.close();
    return following?.key ?? '';
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  finish(): ledger.rwset.kvrwset.RangeQueryInfo {
    const { reads, summary } = this.#results.finish();
    if (summary !== undefined) {
      const message = new kvrwset.QueryReadsMerkleSummary();
      message.setMaxDegree(summary.maxDegree);
      message.setMaxLevel(summary.maxLevel);
      message.setMaxLevelHashesList([...summary.maxLevelHashes]);
      this.#query.setReadsMerkleHashes(message);
    } else if (reads.length > 0) {
      const message = new kvrwset.QueryReads();
      message.setKvReadsList(reads.map(({ key, version }) => kvRead(key, version)));
      this.#query.setRawReads(message);
    }
    return this.#query;
  }
}

function keyHash(key: string): Buffer {
  return sha256(Buffer.from(key, 'utf8'));
}

function heightText(version: Version | undefined): string {
  return version === undefined ? '<nil>' : `{BlockNum: ${version.block}, TxNum: ${version.tx}}`;
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, new Set([value]));
  else values.add(value);
}
