import type { Context } from 'fabric-contract-api';
import { canonicalJson } from './canonical-json';

/** A ledger key: a kind of record and what identifies one, as Fabric's composite key. */
export const recordKey = (ctx: Context, kind: string, ...attributes: string[]): string =>
  ctx.stub.createCompositeKey(kind, attributes);

/** The record under the key as last committed, or undefined. A transaction does not see its own writes. */
export async function readRecord<T>(ctx: Context, key: string): Promise<T | undefined> {
  const bytes = await ctx.stub.getState(key);
  return bytes.length === 0 ? undefined : parseRecord<T>(bytes);
}

export const parseRecord = <T>(bytes: Uint8Array): T => JSON.parse(Buffer.from(bytes).toString('utf8')) as T;

export const writeRecord = (ctx: Context, key: string, record: object): Promise<void> =>
  ctx.stub.putState(key, Buffer.from(canonicalJson(record)));

/** An index entry: all it says is in its key. */
export const writeIndex = (ctx: Context, key: string): Promise<void> =>
  ctx.stub.putState(key, Buffer.from('{}'));

/** The transaction's one event; its payload is canonical JSON. */
export const emit = (ctx: Context, name: string, payload: object): void => {
  ctx.stub.setEvent(name, Buffer.from(canonicalJson(payload)));
};
