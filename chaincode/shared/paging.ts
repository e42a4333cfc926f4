import type { Context } from 'fabric-contract-api';
import type { Iterators } from 'fabric-shim-api';
import { ContractError } from './errors';

export interface Page<T> {
  records: T[];
  /** Where the next page starts; empty after the last. */
  bookmark: string;
  fetched: number;
}

/** One entry of a range: the attributes of its composite key, and its value. */
export interface RangeEntry {
  readonly attributes: string[];
  readonly value: Uint8Array;
}

interface RangePage {
  readonly iterator: Iterators.StateQueryIterator;
  readonly metadata?: { readonly bookmark: string };
}

/**
 * A page of the records of one kind whose composite key starts with the attributes, in key order. For
 * functions that only evaluate: Fabric refuses writes in a transaction that read a page.
 *
 * Fabric's bookmark is the next key. Left unchecked, a made-up one would open other kinds of records to the
 * reader; and as it holds NUL characters, which no command line can pass, it travels as base64url.
 *
 * @throws ContractError INVALID_BOOKMARK
 */
export async function readPage<T>(
  ctx: Context,
  range: { readonly kind: string; readonly attributes: string[] },
  pageSize: number,
  bookmark: string,
  read: (entry: RangeEntry) => Promise<T> | T,
): Promise<Page<T>> {
  const start = decodeBookmark(bookmark, ctx.stub.createCompositeKey(range.kind, range.attributes));
  // fabric-shim takes metadata of zeroes, which an empty page has, for none at all (lib/handler.js).
  const page: RangePage = await ctx.stub.getStateByPartialCompositeKeyWithPagination(
    range.kind,
    range.attributes,
    pageSize,
    start,
  );
  const { iterator } = page;
  const records: T[] = [];
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const { attributes } = ctx.stub.splitCompositeKey(next.value.key);
      records.push(await read({ attributes, value: next.value.value }));
    }
  } finally {
    await iterator.close();
  }
  return {
    records,
    bookmark: Buffer.from(page.metadata?.bookmark ?? '').toString('base64url'),
    fetched: records.length,
  };
}

function decodeBookmark(bookmark: string, prefix: string): string {
  if (bookmark === '') return '';
  const key = Buffer.from(bookmark, 'base64url').toString('utf8');
  if (!key.startsWith(prefix) || Buffer.from(key).toString('base64url') !== bookmark) {
    throw new ContractError(
      'INVALID_BOOKMARK',
      `"${bookmark}" is not from this list; pass the bookmark of the previous page, or an empty one to start`,
    );
  }
  return key;
}
