import { findReadConflict, type ReadConflict } from '../../../network/protocol/conflict';
import type { ReadConflict as ReadConflictModel } from '../../api/problems';
import type { LocalNetwork } from '../runtime/local-network';

/** Per question to a peer. */
const ASK_MS = 3_000;
/** A transaction is endorsed seconds before it commits: who is further back than this is not looked for. */
const MOST_BLOCKS = 100;
/** For the whole search: somebody waits for the answer of a submit. */
const SEARCH_MS = 5_000;

/** Why a transaction lost: the write that came first, or why it is not known which one that was. */
export type FoundConflict = { readonly conflict: ReadConflict } | { readonly notFound: string };

const kinds: Readonly<Record<string, ReadConflict['kind']>> = {
  MVCC_READ_CONFLICT: 'key',
  PHANTOM_READ_CONFLICT: 'range',
};

/** Reads in the ledgers of a channel's peers who wrote first what an invalidated transaction had read. */
export class ConflictFinder {
  constructor(private readonly network: LocalNetwork) {}

  /**
   * Never throws: what can't be found out is said.
   * @param status name of the validation code
   * @returns undefined for codes that are no read conflicts
   */
  async find(
    channel: string,
    transaction: { readonly id: string; readonly blockNumber: number; readonly status: string },
  ): Promise<FoundConflict | undefined> {
    const reads = kinds[transaction.status];
    if (!reads) return undefined;
    const { ledger, directory } = await this.network.clients();
    const signal = AbortSignal.timeout(SEARCH_MS);
    let failure = 'no peer of the channel has its block yet';
    for (const node of directory.peersOfChannel(channel)) {
      try {
        const admin = await directory.adminOfNode(node.name);
        const limits = { timeoutMs: ASK_MS, signal };
        const blockAt = (number: number) => ledger.blockByNumber(node, admin, channel, number, limits);
        const block = await blockAt(transaction.blockNumber);
        if (!block) continue;
        const search = { block, transactionId: transaction.id, reads, earlier: blockAt, most: MOST_BLOCKS };
        const found = await findReadConflict(search);
        return found
          ? { conflict: found }
          : { notFound: `it is in none of the ${MOST_BLOCKS} blocks before` };
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
    }
    return { notFound: failure };
  }
}

/** As it goes over the wire. */
export function conflictModel({ read, writer, collection, ...found }: ReadConflict): ReadConflictModel {
  return {
    ...found,
    collection: collection ?? null,
    read: read ? { blockNumber: String(read.block), position: read.tx } : null,
    writer: {
      transactionId: writer.transactionId,
      blockNumber: String(writer.block),
      position: writer.tx,
    },
  };
}
