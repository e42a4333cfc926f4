import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '../../node/logging';
import {
  matchingPrivateSet,
  NO_PRIVATE_DATA,
  type ReferencedPrivateSet,
  type RetrievedPrivateData,
} from '../ledger/private-data';
import type { PrivateNamespaceSet } from '../../../protocol/read-write-set';
import type { TransientStore } from '../ledger/types';

const logger = createLogger('gossip.privdata');

/** Other peers of the organization, asked for private write sets that are missing here. */
export interface PrivateDataSource {
  /** A serialized rwset.TxPvtReadWriteSet with candidates, which need not match; undefined when there are none. */
  fetch(
    channelId: string,
    txId: string,
    blockNumber: number,
    txNumber: number,
    wanted: readonly { readonly namespace: string; readonly collection: string }[],
  ): Promise<Uint8Array | undefined>;
}

/** How long a block waits for private write sets, and how often they are looked for meanwhile. Milliseconds. */
const PATIENCE_MS = 1500;
const RETRY_MS = 150;

export interface RetrievalDependencies {
  readonly channelId: string;
  readonly transientStore: TransientStore;
  readonly source: PrivateDataSource | undefined;
  readonly isMember: (namespace: string, collection: string) => Promise<boolean>;
}

/**
 * Gathers the private write sets of a block that this peer may hold: from the transient store, else from other peers
 * of the organization. A block does not wait longer than the patience: what is then not there is missing, and fetched
 * later. Source: gossip/privdata/pvtdataprovider.go, which waits a minute.
 */
export async function retrievePrivateData(
  referenced: readonly ReferencedPrivateSet[],
  deps: RetrievalDependencies,
): Promise<RetrievedPrivateData> {
  let wanted: ReferencedPrivateSet[] = [];
  for (const set of referenced) {
    if (await deps.isMember(set.namespace, set.collection)) wanted.push(set);
  }
  if (wanted.length === 0) return NO_PRIVATE_DATA;

  const held = new Map<number, PrivateNamespaceSet[]>();
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    wanted = await takeFrom(wanted, held, ({ txId }) => deps.transientStore.get(txId));
    if (wanted.length === 0) break;
    wanted = await takeFrom(wanted, held, (set) => fetchCandidates(set, deps));
    if (wanted.length === 0 || deps.source === undefined || Date.now() + RETRY_MS > deadline) break;
    await delay(RETRY_MS);
  }
  for (const { block, txId, namespace, collection } of wanted) {
    logger.warn('private data is missing, it will be fetched later', {
      channel: deps.channelId,
      block,
      txID: txId,
      namespace,
      collection,
    });
  }
  return { held, missing: wanted };
}

/** Moves the write sets found by `candidates` to `held`; returns those still wanted. */
async function takeFrom(
  wanted: readonly ReferencedPrivateSet[],
  held: Map<number, PrivateNamespaceSet[]>,
  candidates: (set: ReferencedPrivateSet) => Promise<readonly Uint8Array[]>,
): Promise<ReferencedPrivateSet[]> {
  const left: ReferencedPrivateSet[] = [];
  for (const set of wanted) {
    const found = (await candidates(set))
      .map((candidate) => matchingPrivateSet(candidate, set))
      .find((match) => match !== undefined);
    if (found === undefined) {
      left.push(set);
      continue;
    }
    const { namespace, collection } = set;
    const sets = held.get(set.tx) ?? [];
    held.set(set.tx, [...sets, { namespace, collections: [{ collection, encoded: found }] }]);
  }
  return left;
}

async function fetchCandidates(
  set: ReferencedPrivateSet,
  deps: RetrievalDependencies,
): Promise<Uint8Array[]> {
  if (deps.source === undefined) return [];
  const timeout = new AbortController();
  try {
    const fetched = await Promise.race([
      deps.source.fetch(deps.channelId, set.txId, set.block, set.tx, [set]),
      delay(PATIENCE_MS, undefined, { signal: timeout.signal }),
    ]);
    return fetched === undefined ? [] : [fetched];
  } catch (error) {
    logger.warn('asking other peers for private data failed', {
      channel: deps.channelId,
      txID: set.txId,
      error,
    });
    return [];
  } finally {
    timeout.abort();
  }
}
