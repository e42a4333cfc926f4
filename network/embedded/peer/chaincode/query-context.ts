import { ledger, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import type { ResultsIterator } from '../endorser/results-iterator';
import type { KeyedValue, KeyModification } from '../ledger/types';

/** Results in one answer to the shim; a chaincode asks for the next ones (chaincode_support.go MaxResultLimit). */
const BATCH = 100;

interface Query {
  /** Yields serialized results. */
  readonly results: ResultsIterator<Uint8Array>;
  pending: peer.QueryResultBytes[];
  /** Results handed out or pending. */
  total: number;
}

/** Iterators a chaincode holds open within one transaction. */
export class QueryContexts {
  readonly #queries = new Map<string, Query>();

  open(id: string, results: ResultsIterator<Uint8Array>): void {
    this.#queries.set(id, { results, pending: [], total: 0 });
  }

  has(id: string): boolean {
    return this.#queries.has(id);
  }

  /**
   * The next batch. Reads one result ahead of a full batch, so that `hasMore` is true only when there is more; how far
   * is read decides the read set (core/chaincode/query_response_generator.go).
   */
  async respond(id: string, paginated: boolean, limit: number): Promise<peer.QueryResponse> {
    const query = this.#queries.get(id);
    if (query === undefined) throw new Error('query iterator not found');
    try {
      for (;;) {
        if (query.total >= limit) return await this.#finish(id, query, paginated);
        const result = await query.results.next();
        if (result === undefined) return await this.#finish(id, query, paginated);
        const full = !paginated && query.pending.length === BATCH ? query.pending : undefined;
        if (full !== undefined) query.pending = [];
        const entry = new peer.QueryResultBytes();
        entry.setResultbytes(result);
        query.pending.push(entry);
        query.total += 1;
        if (full !== undefined) return response(id, full, true);
      }
    } catch (cause) {
      await this.close(id);
      throw cause;
    }
  }

  async close(id: string): Promise<void> {
    const query = this.#queries.get(id);
    this.#queries.delete(id);
    await query?.results.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#queries.keys()].map((id) => this.close(id)));
  }

  async #finish(id: string, query: Query, paginated: boolean): Promise<peer.QueryResponse> {
    this.#queries.delete(id);
    const answer = response(id, query.pending, false);
    if (!paginated) {
      await query.results.close();
      return answer;
    }
    const metadata = new peer.QueryResponseMetadata();
    metadata.setBookmark(await query.results.bookmarkAndClose());
    metadata.setFetchedRecordsCount(query.total);
    answer.setMetadata(metadata.serializeBinary());
    return answer;
  }
}

/** The serialized form of each result. */
export function serialized<T>(
  source: ResultsIterator<T>,
  encode: (result: T) => Uint8Array,
): ResultsIterator<Uint8Array> {
  return {
    next: async () => {
      const result = await source.next();
      return result === undefined ? undefined : encode(result);
    },
    bookmarkAndClose: () => source.bookmarkAndClose(),
    close: () => source.close(),
  };
}

export function encodeKeyValue(namespace: string): (result: KeyedValue) => Uint8Array {
  return ({ key, value }) => {
    const message = new ledger.queryresult.KV();
    message.setNamespace(namespace);
    message.setKey(key);
    message.setValue(value);
    return message.serializeBinary();
  };
}

export function encodeModification(modification: KeyModification): Uint8Array {
  const timestamp = new Timestamp();
  timestamp.setSeconds(modification.timestamp.seconds);
  timestamp.setNanos(modification.timestamp.nanos);
  const message = new ledger.queryresult.KeyModification();
  message.setTxId(modification.txId);
  message.setValue(modification.value);
  message.setTimestamp(timestamp);
  message.setIsDelete(modification.isDelete);
  return message.serializeBinary();
}

function response(id: string, results: peer.QueryResultBytes[], hasMore: boolean): peer.QueryResponse {
  const message = new peer.QueryResponse();
  message.setId(id);
  message.setResultsList(results);
  message.setHasMore(hasMore);
  return message;
}
