import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { genuineChain } from '../embedded/peer/commit/genuine-chain';
import { textOf, Undecodable } from '../protocol/inspection/layer';
import { LedgerBlock } from '../protocol/inspection/ledger-block';
import type { LedgerTransaction } from '../protocol/inspection/ledger-transaction';
import { LedgerIndex } from './ledger-index';
import { Search, type LedgerQuery } from './search';
import { openStore } from './store';
import { generatedChain, sourceOf } from './testing/small-chain';

/** A transaction as a search without an index sees it. */
interface Scanned {
  readonly block: LedgerBlock;
  readonly transaction: LedgerTransaction;
  readonly keys: readonly { contract: string; key: string }[];
  readonly texts: readonly string[];
  readonly contracts: readonly string[];
  readonly functions: readonly string[];
  readonly events: readonly string[];
}

function scan(bytes: Uint8Array): Scanned[] {
  const block = LedgerBlock.fromBytes(bytes);
  return block.transactions.map((transaction) => {
    const sets = transaction.actions.flatMap(({ sets }) => (sets instanceof Undecodable ? [] : sets));
    const calls = transaction.actions.flatMap(({ call }) => (call instanceof Undecodable ? [] : [call]));
    const args = calls.flatMap(({ input }) => input?.args ?? []);
    const values = sets.flatMap(({ public: own }) => own.writes.map(({ value }) => value));
    return {
      ...{ block, transaction },
      keys: sets.flatMap(({ namespace: contract, public: own }) =>
        [...own.reads, ...own.writes, ...own.metadataWrites].map(({ key }) => ({ contract, key })),
      ),
      texts: [...args, ...values].flatMap((text) => textOf(text) ?? []),
      contracts: [transaction.contract?.name, ...calls.map(({ chaincodeId }) => chaincodeId?.name)].filter(
        (name) => name !== undefined,
      ),
      functions: calls.flatMap(({ input }) => (input?.args[0] ? (textOf(input.args[0]) ?? []) : [])),
      events: transaction.actions.flatMap(({ event }) =>
        event === undefined || event instanceof Undecodable ? [] : [event.name],
      ),
    };
  });
}

function matches(query: LedgerQuery, { block, transaction, ...scanned }: Scanned): boolean {
  const { key, keyPrefix, creator, from, before, text } = query;
  const header = transaction.channelHeader;
  const time = header instanceof Undecodable ? { seconds: 0, nanos: 0 } : header.timestamp;
  const milliseconds = time.seconds === 0 ? NaN : time.seconds * 1000 + time.nanos / 1e6;
  const is = <T>(wanted: T | undefined, found: T | undefined) => wanted === undefined || wanted === found;
  const has = (wanted: string | undefined, found: readonly string[]) =>
    wanted === undefined || found.includes(wanted);
  const pattern =
    text === undefined
      ? /(?:)/u
      : new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${following(text)}(?![\\p{L}\\p{M}\\p{N}])`, 'iu');
  return (
    is(query.block, block.number) &&
    (query.blockHash === undefined || Buffer.compare(query.blockHash, block.headerHash) === 0) &&
    is(query.id, transaction.id) &&
    (!key || scanned.keys.some((one) => one.contract === key.contract && one.key === key.key)) &&
    (!keyPrefix ||
      scanned.keys.some(
        (one) => one.contract === keyPrefix.contract && one.key.startsWith(keyPrefix.prefix),
      )) &&
    has(query.contract, scanned.contracts) &&
    has(query.function, scanned.functions) &&
    has(query.event, scanned.events) &&
    (!creator ||
      (creator.mspId === transaction.creator?.mspId &&
        creator.subject === transaction.creator.certificate?.subject)) &&
    is(query.organization, transaction.creator?.mspId) &&
    is(query.code, transaction.code) &&
    is(query.type, transaction.type) &&
    (from === undefined || milliseconds >= from.getTime()) &&
    (before === undefined || milliseconds < before.getTime()) &&
    (text === undefined || scanned.texts.some((one) => pattern.test(one)))
  );
}

const following = (text: string) => text.match(/[\p{L}\p{M}\p{N}]+/gu)?.join('[^\\p{L}\\p{M}\\p{N}]+');

/** Conditions that hold for some transaction of the chain, and a few that hold for none. */
function conditions(all: readonly Scanned[]): fc.Arbitrary<LedgerQuery> {
  const some = fc.constantFrom(...all);
  const part = (text: string, from: number, length: number) => text.slice(from, from + length);
  const words = fc
    .tuple(some, fc.nat(), fc.nat(8), fc.integer({ min: 1, max: 4 }))
    .map(([{ texts }, which, first, count]) => {
      const found = (texts[which % Math.max(texts.length, 1)] ?? 'none').matchAll(/[\p{L}\p{M}\p{N}]+/gu);
      const run = [...found].slice(first, first + count);
      const [begin, end] = [run[0], run.at(-1)];
      return begin && end ? part(end.input, begin.index, end.index + end[0].length - begin.index) : 'nowhere';
    });
  const time = some.chain(({ transaction: { claimedTime } }) =>
    fc
      .integer({ min: -100_000, max: 100_000 })
      .map((away) => new Date(Date.parse(claimedTime ?? '2026-01-01') + away)),
  );
  const key = fc.tuple(some, fc.nat()).map(([{ keys }, which]) => keys[which % Math.max(keys.length, 1)]);
  return fc.oneof(
    some.map(({ block }) => ({ block: block.number })),
    some.map(({ block }) => ({ blockHash: block.headerHash })),
    some.map(({ transaction }) => ({ id: transaction.id })),
    key.map((one) => ({ key: one })),
    fc.tuple(key, fc.nat(30)).map(([one, length]) => ({
      keyPrefix: one && { contract: one.contract, prefix: part(one.key, 0, length) },
    })),
    some.map(({ contracts }) => ({ contract: contracts[0] })),
    fc.constantFrom('pay', 'reserve', 'release', 'nothing').map((name) => ({ function: name })),
    some.map(({ functions }) => ({ function: functions[0] })),
    some.map(({ events }) => ({ event: events[0] })),
    some.map(({ transaction: { creator } }) => ({
      creator: creator?.certificate && { mspId: creator.mspId, subject: creator.certificate.subject },
    })),
    some.map(({ transaction }) => ({ organization: transaction.creator?.mspId })),
    some.map(({ transaction }) => ({ code: transaction.code })),
    fc.constantFrom(0, 10, 11).map((code) => ({ code })),
    some.map(({ transaction }) => ({ type: transaction.type })),
    time.map((from) => ({ from })),
    time.map((before) => ({ before })),
    words.map((text) => ({ text })),
  );
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'cityflow-agreement-'));
const chains: [name: string, index: LedgerIndex, all: Scanned[]][] = [];

beforeAll(async () => {
  const generated = await generatedChain(path.join(folder, 'material'), { seed: 7, transactions: 1500 });
  const genuine = genuineChain().map((block) => Buffer.from(block.serializeBinary()));
  for (const [name, chain] of Object.entries({ generated, genuine })) {
    const index = await LedgerIndex.open(path.join(folder, name), name);
    await index.follow(sourceOf(chain));
    chains.push([name, index, chain.flatMap(scan).reverse()]);
  }
});
afterAll(async () => {
  await Promise.all(chains.map(([, index]) => index.close()));
  rmSync(folder, { recursive: true, force: true });
});

test('any combination of conditions finds what a scan of the whole chain finds, page by page and counted', async () => {
  let matched = 0;
  for (const [, index, all] of chains) {
    // Newest block first, and in a block the last transaction first.
    const wanted = (query: LedgerQuery) =>
      all
        .filter((one) => matches(query, one))
        .map(({ block, transaction }) => `${block.number}.${transaction.position}`);
    const query = fc
      .array(conditions(all), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.reduce<LedgerQuery>((one, other) => ({ ...one, ...other }), {}));
    await fc.assert(
      fc.asyncProperty(query, fc.integer({ min: 1, max: 200 }), async (asked, limit) => {
        const expected = wanted(asked);
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await index.search(asked, { limit, cursor });
          expect(page.found.length).toBeLessThanOrEqual(limit);
          found.push(...page.found.map(({ block, tx }) => `${block}.${tx}`));
          ({ cursor } = page);
        } while (cursor !== undefined);
        expect(found).toEqual(expected);
        expect(await index.count(asked)).toBe(expected.length);
        matched += expected.length;
      }),
      { numRuns: 150 },
    );
  }
  expect(matched).toBeGreaterThan(1000);
});

test('a row of the index says what the transaction says', async () => {
  for (const [, index, all] of chains) {
    const { found } = await index.search({}, { limit: all.length + 1 });
    expect(found).toHaveLength(all.length);
    for (const [row, { transaction, ...scanned }] of found
      .map((row, at) => [row, all[at]] as const)
      .filter((pair): pair is readonly [(typeof found)[number], Scanned] => pair[1] !== undefined)) {
      expect(row).toMatchObject({
        tx: transaction.position,
        block: scanned.block.number,
        id: transaction.id ?? '',
        type: transaction.type ?? '',
        code: transaction.code,
        mspId: transaction.creator?.mspId ?? '',
        contract: scanned.contracts[0] ?? '',
        function: scanned.functions[0] ?? '',
      });
    }
  }
});

test('so many keys with one prefix that they are not gone through are found all the same', async () => {
  const [[, index, all] = []] = chains;
  if (!index || !all) throw new Error('there is no chain');
  await index.close();
  const store = await openStore(index.folder);
  const snapshot = store.snapshot();
  try {
    for (const prefix of [
      '',
      'S',
      'SESSION~00001',
      'nothing',
      'namespaces/fields/pa',
      'namespaces/fields/park',
      'namespaces/fields/parking/C',
    ]) {
      const contract = prefix.startsWith('namespaces') ? '_lifecycle' : 'parking';
      const query = { keyPrefix: { contract, prefix }, code: 0 };
      const expected = all.filter((one) => matches(query, one)).length;
      expect(await new Search({ store, snapshot }, query, 0).count()).toBe(expected);
    }
  } finally {
    await snapshot.close();
    await store.close();
  }
});
