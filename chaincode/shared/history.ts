import type { Context } from 'fabric-contract-api';
import { isoTime } from './clock';
import { parseRecord } from './records';

export interface Change<T> {
  txId: string;
  /** The changing transaction's claimed time, ISO 8601 UTC. */
  time: string;
  deleted: boolean;
  value?: T;
}

/** How many changes of one key are returned; older ones stand in the blocks. */
export const HISTORY_LIMIT = 200;

/** The changes of a key, newest first, at most HISTORY_LIMIT. */
export async function readHistory<T>(ctx: Context, key: string): Promise<Change<T>[]> {
  const changes: Change<T>[] = [];
  const iterator = await ctx.stub.getHistoryForKey(key);
  try {
    let next = await iterator.next();
    while (!next.done && changes.length < HISTORY_LIMIT) {
      const { txId, timestamp, isDelete, value } = next.value;
      const milliseconds = Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1_000_000);
      changes.push({
        txId,
        time: isoTime(milliseconds),
        deleted: isDelete,
        ...(isDelete ? {} : { value: parseRecord<T>(value) }),
      });
      next = await iterator.next();
    }
  } finally {
    await iterator.close();
  }
  return changes;
}
