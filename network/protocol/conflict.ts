import type { common } from '@hyperledger/fabric-protos';
import { blockData, blockHeader, transactionsFilter } from './block';
import { compareUtf8 } from './byte-order';
import { endorsedActionOf } from './chaincode-action';
import { parseEnvelope } from './envelope';
import {
  decodeReadWriteSet,
  deletes,
  deletesHashed,
  type NamespaceSet,
  type RangeQuery,
} from './read-write-set';
import { VALID } from './validation-code';
import type { Version } from './version';

/** Why a transaction was invalidated with MVCC_READ_CONFLICT or PHANTOM_READ_CONFLICT: who wrote what it had read. */
export interface ReadConflict {
  /** `range`: the key lies in a range that was read. */
  readonly kind: 'key' | 'range';
  readonly namespace: string;
  /** Of private data; `key` is then the SHA-256 of the key in hex: blocks don't hold the key. */
  readonly collection: string | undefined;
  readonly key: string;
  /** What the transaction had read; undefined where the key did not exist for it. */
  readonly read: Version | undefined;
  /** The last transaction before it that wrote the key. */
  readonly writer: Version & { readonly transactionId: string };
}

export interface ConflictSearch {
  /** The block in which the transaction was invalidated, with its validation filter. */
  readonly block: common.Block;
  readonly transactionId: string;
  readonly reads: ReadConflict['kind'];
  /** An earlier block; undefined where the ledger that is asked does not have it. */
  readonly earlier: (number: number) => Promise<common.Block | undefined>;
  /** How many earlier blocks are looked through at most. */
  readonly most: number;
}

/**
 * Finds the write that came between a transaction's endorsement and its commit: first in its own block, as a
 * committing peer does (core/ledger/kvledger/txmgmt/validation/validator.go), then backwards in the blocks before.
 * @returns undefined where none was found within the bound
 * @throws WireError, MalformedMessage when the transaction or one it is compared with is malformed
 */
export async function findReadConflict(search: ConflictSearch): Promise<ReadConflict | undefined> {
  const committed = validTransactions(search.block, search.transactionId);
  if (!committed.invalidated) return undefined;
  const watch = new Watch(committed.invalidated, search.reads);
  const number = blockHeader(search.block).getNumber();
  let found = watch.lastWrite(committed.before, true);
  const oldest = Math.max(watch.oldest, number - search.most, 0);
  for (let next = number - 1; !found && next >= oldest; next--) {
    const block = await search.earlier(next);
    if (!block) return undefined;
    found = watch.lastWrite(validTransactions(block).before, false);
  }
  return found;
}

interface Written {
  readonly version: Version;
  readonly transactionId: string;
  readonly sets: readonly NamespaceSet[];
}

/** Valid transactions in block order, up to the one that is named and was invalidated. */
function validTransactions(
  block: common.Block,
  transactionId?: string,
): { before: Written[]; invalidated: readonly NamespaceSet[] | undefined } {
  const number = blockHeader(block).getNumber();
  const filter = transactionsFilter(block);
  const before: Written[] = [];
  for (const [tx, envelope] of blockData(block).entries()) {
    const valid = filter[tx] === VALID;
    if (!valid && (transactionId === undefined || idOf(envelope) !== transactionId)) continue;
    const endorsed = endorsedActionOf(envelope);
    if (!endorsed) continue;
    const sets = decodeReadWriteSet(endorsed.action.getResults_asU8());
    if (!valid) return { before, invalidated: sets };
    before.push({ version: { block: number, tx }, transactionId: endorsed.transactionId, sets });
  }
  return { before, invalidated: undefined };
}

/** An invalid transaction may be anything, even no message. */
function idOf(envelope: Uint8Array): string | undefined {
  try {
    return parseEnvelope(envelope).channelHeader.getTxId();
  } catch {
    return undefined;
  }
}

interface Place {
  readonly namespace: string;
  readonly collection: string | undefined;
  readonly key: string;
}

const nameOf = ({ namespace, collection, key }: Place): string =>
  JSON.stringify([namespace, collection, key]);

/** What a transaction had read, held against what others write, from the latest write backwards. */
class Watch {
  readonly #reads = new Map<string, Version | undefined>();
  readonly #ranges: { readonly namespace: string; readonly query: RangeQuery }[] = [];
  /** Keys whose last write has been seen: what was written before it has no say. */
  readonly #settled = new Set<string>();
  /** No write before this block can be in conflict. */
  readonly oldest: number;

  constructor(
    sets: readonly NamespaceSet[],
    private readonly kind: ReadConflict['kind'],
  ) {
    for (const { namespace, public: own, collections } of sets) {
      if (kind === 'range') {
        this.#ranges.push(...own.rangeQueries.map((query) => ({ namespace, query })));
        continue;
      }
      for (const { key, version } of own.reads) {
        this.#reads.set(nameOf({ namespace, collection: undefined, key }), version);
      }
      for (const { collection, reads } of collections) {
        for (const { keyHash, version } of reads) {
          this.#reads.set(nameOf({ namespace, collection, key: inHex(keyHash) }), version);
        }
      }
    }
    this.oldest =
      kind === 'range' ? 0 : Math.min(...[...this.#reads.values()].map((read) => read?.block ?? 0));
  }

  /** @param sameBlock whether these stand before the transaction in its own block: there, any write is in conflict */
  lastWrite(transactions: readonly Written[], sameBlock: boolean): ReadConflict | undefined {
    for (const { version, transactionId, sets } of transactions.toReversed()) {
      for (const write of sets.flatMap(writesOf)) {
        const { deleted, ...place } = write;
        const name = nameOf(place);
        if (this.#settled.has(name)) continue;
        this.#settled.add(name);
        const read = this.#conflict(place, name, version, deleted, sameBlock);
        if (read) return { kind: this.kind, ...place, ...read, writer: { ...version, transactionId } };
      }
    }
    return undefined;
  }

  #conflict(
    place: Place,
    name: string,
    written: Version,
    deleted: boolean,
    sameBlock: boolean,
  ): { readonly read: Version | undefined } | undefined {
    if (this.kind === 'key') {
      if (!this.#reads.has(name)) return undefined;
      const read = this.#reads.get(name);
      return sameBlock || changes(read, written, deleted) ? { read } : undefined;
    }
    for (const { namespace, query } of this.#ranges) {
      if (place.collection !== undefined || namespace !== place.namespace || !isWithin(place.key, query))
        continue;
      // Of a long range only hashes are recorded: what its keys were cannot be told, but a write in the same block is new.
      if (query.merkleSummary && !sameBlock) continue;
      const read = query.rawReads?.find(({ key }) => key === place.key)?.version;
      if (query.merkleSummary ? !deleted : changes(read, written, deleted)) return { read };
    }
    return undefined;
  }
}

/** Whether state after the write differs from what was read. */
function changes(read: Version | undefined, written: Version, deleted: boolean): boolean {
  if (read === undefined) return !deleted;
  return written.block > read.block || (written.block === read.block && written.tx > read.tx);
}

/** A query that was not read to its end ends with the last key it saw, which belongs to it. */
function isWithin(key: string, { startKey, endKey, exhausted }: RangeQuery): boolean {
  if (compareUtf8(key, startKey) < 0) return false;
  if (endKey === '') return true;
  const past = compareUtf8(key, endKey);
  return exhausted ? past < 0 : past <= 0;
}

function writesOf({ namespace, public: own, collections }: NamespaceSet): (Place & { deleted: boolean })[] {
  return [
    ...own.writes.map((write) => ({
      namespace,
      collection: undefined,
      key: write.key,
      deleted: deletes(write),
    })),
    ...own.metadataWrites.map(({ key }) => ({ namespace, collection: undefined, key, deleted: false })),
    ...collections.flatMap(({ collection, writes, metadataWrites }) => [
      ...writes.map((write) => ({
        namespace,
        collection,
        key: inHex(write.keyHash),
        deleted: deletesHashed(write),
      })),
      ...metadataWrites.map(({ keyHash }) => ({
        namespace,
        collection,
        key: inHex(keyHash),
        deleted: false,
      })),
    ]),
  ];
}

/** Key hashes come as one character a byte. */
const inHex = (keyHash: string): string => Buffer.from(keyHash, 'latin1').toString('hex');
