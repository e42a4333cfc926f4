import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Undecodable } from '../protocol/inspection/layer';
import { LedgerBlock } from '../protocol/inspection/ledger-block';
import { LedgerIndexError, LedgerQueryError } from './errors';
import type { BlockSource } from './follow';
import { LedgerIndex, type Rebuild } from './ledger-index';
import { writtenValue } from './ledger-reads';
import { contentsOf } from './testing/contents';
import { generatedChain, sourceOf } from './testing/small-chain';

const CHANNEL = 'parking-channel';
const LARGE = 10 * 1024 * 1024;
const folder = mkdtempSync(path.join(os.tmpdir(), 'cityflow-index-'));
let made = 0;
const newFolder = () => path.join(folder, `index-${(made += 1)}`);
let chain: Buffer[];
/** Of other identities, and so with another block 0. */
let other: Buffer[];

beforeAll(async () => {
  const extent = { seed: 3, transactions: 1200 };
  chain = await generatedChain(path.join(folder, 'one'), { ...extent, largeValueBytes: LARGE });
  other = await generatedChain(path.join(folder, 'other'), { seed: 4, transactions: 60 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function indexOf(blocks: readonly Buffer[], at = newFolder()): Promise<LedgerIndex> {
  const index = await LedgerIndex.open(at, CHANNEL);
  await index.follow(sourceOf(blocks));
  return index;
}

/** World state and history as the valid transactions of the chain make them. */
function replayed(blocks: readonly Buffer[]) {
  const state = new Map<string, { block: number; tx: number; value: Uint8Array }>();
  const history = new Map<string, string[]>();
  for (const block of blocks.map((bytes) => LedgerBlock.fromBytes(bytes))) {
    for (const { actions, code, position: tx } of block.transactions) {
      for (const { sets } of code === 0 ? actions : []) {
        for (const set of sets instanceof Undecodable ? [] : sets) {
          for (const { key, isDelete, value } of set.public.writes) {
            const name = `${set.namespace}/${key}`;
            history.set(name, [
              `${block.number}.${tx} ${isDelete ? 'deleted' : value.length}`,
              ...(history.get(name) ?? []),
            ]);
            if (isDelete) state.delete(name);
            else state.set(name, { block: block.number, tx, value });
          }
        }
      }
    }
  }
  return { state, history };
}

test('world state and history are what the valid transactions wrote, deletes included', async () => {
  const index = await indexOf(chain);
  const { state, history } = replayed(chain);
  const all = chain.flatMap((bytes) => LedgerBlock.fromBytes(bytes).transactions);
  expect(all.some(({ code }) => code === 11)).toBe(true);
  expect([...history.values()].some(([latest]) => latest?.endsWith('deleted'))).toBe(true);

  expect(await index.contracts()).toEqual(['_lifecycle', 'parking', 'tariff']);
  const found = new Map<string, string>();
  for (const contract of await index.contracts()) {
    let after: string | undefined;
    for (;;) {
      const page = await index.state(contract, 50, after === undefined ? {} : { after });
      for (const { key, block, tx, length } of page)
        found.set(`${contract}/${key}`, `${block}.${tx} ${length}`);
      after = page.at(-1)?.key;
      if (after === undefined) break;
    }
  }
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(
      [...state].map(([key, { block, tx, value }]) => [key, `${block}.${tx} ${value.length}`]),
    ),
  );

  for (const [name, expected] of history) {
    const [contract = '', ...parts] = name.split('/');
    const key = parts.join('/');
    const entries = await index.history({ contract, key }, 10_000);
    expect(
      entries.map(({ block, tx, deleted, length }) => `${block}.${tx} ${deleted ? 'deleted' : length}`),
    ).toEqual(expected);
    expect(entries.every(({ transaction }) => transaction.mspId !== '' && transaction.code === 0)).toBe(true);
  }
  await index.close();
});

test('state is paged by prefix, and one key is found alone', async () => {
  const index = await indexOf(chain);
  const spots = await index.state('parking', 10_000, { prefix: 'SPOT~1' });
  expect(spots.length).toBeGreaterThan(10);
  expect(spots.every(({ key }) => key.startsWith('SPOT~1'))).toBe(true);
  const [first, second] = spots;
  expect(await index.state('parking', 1, { prefix: 'SPOT~1', after: first?.key ?? '' })).toEqual([second]);
  expect(await index.stateOf({ contract: 'parking', key: first?.key ?? '' })).toEqual(first);
  expect(await index.stateOf({ contract: 'parking', key: 'SPOT~' })).toBeUndefined();
  await index.close();
});

test('a value of 10 MB is not copied: its place is told, and the block has it', async () => {
  const index = await indexOf(chain);
  const key = { contract: 'parking', key: 'ARCHIVE~1' };
  const [write] = await index.history(key, 1);
  expect(write).toMatchObject({ value: undefined, deleted: false });
  expect(write?.length).toBeGreaterThan(LARGE);
  const block = LedgerBlock.fromBytes(chain[write?.block ?? 0] ?? Buffer.alloc(0));
  expect(writtenValue(block, write?.tx ?? 0, key)?.length).toBe(write?.length);
  const { found } = await index.search({ text: 'archive' }, { limit: 5 });
  expect(found).toMatchObject([{ function: 'archive', textCut: true }]);
  await index.close();
  const files = await Promise.all(
    (await readdir(index.folder)).map((name) => stat(path.join(index.folder, name))),
  );
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(LARGE / 2);
});

test('blocks are listed newest first, and found by number and hash', async () => {
  const index = await indexOf(chain);
  const blocks = await index.blocks(10);
  expect(blocks.map(({ number }) => number)).toEqual(
    Array.from({ length: 10 }, (_, at) => chain.length - 1 - at),
  );
  expect((await index.blocks(5, 2)).map(({ number }) => number)).toEqual([2, 1, 0]);
  const [newest] = blocks;
  expect(await index.blockByHash(newest?.headerHash ?? Buffer.alloc(0))).toEqual(newest);
  expect(await index.blockByHash(Buffer.alloc(32, 1))).toBeUndefined();
  expect(await index.block(chain.length)).toBeUndefined();
  expect(await index.block(0)).toMatchObject({ configuration: true, transactions: 1 });
  const { found } = await index.search({ type: 'CONFIG' }, { limit: 10 });
  expect(found.map(({ block }) => block)).toEqual([0]);
  expect((await index.search({ block: chain.length }, { limit: 1 })).found).toEqual([]);
  expect((await index.search({ id: 'ab' }, { limit: 1 })).found).toEqual([]);
  await index.close();
});

test('what was indexed in pieces of any size is what was indexed at once', async () => {
  const once = await indexOf(chain);
  await once.close();
  const whole = await contentsOf(once.folder);
  const at = newFolder();
  for (let height = 1; height < chain.length; height += 1 + (height % 7)) {
    await (await indexOf(chain.slice(0, height), at)).close();
  }
  await (await indexOf(chain, at)).close();
  expect(await contentsOf(at)).toEqual(whole);
});

test('blocks that come one at a time can be found as soon as they are there', async () => {
  const index = await LedgerIndex.open(newFolder(), CHANNEL);
  const waiting: ((block: Buffer) => void)[] = [];
  const end = new AbortController();
  const source: BlockSource = {
    async *blocks(_, signal) {
      while (!signal.aborted) {
        const block = await new Promise<Buffer | undefined>((resolve) => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => resolve(undefined), { once: true });
        });
        if (block) yield block;
      }
    },
  };
  const heights: number[] = [];
  let told: (() => void) | undefined;
  const following = index.follow(source, {
    signal: end.signal,
    onProgress: (height) => {
      heights.push(height);
      told?.();
    },
  });
  for (const [number, block] of chain.slice(0, 5).entries()) {
    const progress = new Promise<void>((resolve) => (told = resolve));
    await expect.poll(() => waiting.length).toBe(number + 1);
    waiting[number]?.(block);
    await progress;
    expect((await index.search({}, { limit: 1 })).found).toMatchObject([{ block: number }]);
  }
  end.abort();
  await following;
  expect(heights).toEqual([1, 2, 3, 4, 5]);
  await index.close();
});

test('no more blocks are taken than can be written', async () => {
  const index = await LedgerIndex.open(newFolder(), CHANNEL);
  let taken = 0;
  let most = 0;
  const source: BlockSource = {
    async *blocks(from) {
      for (const block of chain.slice(from)) {
        await Promise.resolve();
        taken += LedgerBlock.fromBytes(block).transactions.length;
        yield block;
      }
    },
  };
  await index.follow(source, {
    onProgress: () => {
      most = Math.max(most, taken - index.transactions);
    },
  });
  expect(index.height).toBe(chain.length);
  // Two batches of five hundred, and one block ahead.
  expect(most).toBeLessThan(1020);
  await index.close();
});

test('a channel made anew under the same name leaves not one row behind', async () => {
  const at = newFolder();
  const before = await indexOf(chain, at);
  const { cursor } = await before.search({}, { limit: 1 });
  const rebuilds: Rebuild[] = [];
  await before.follow(sourceOf(other), { onRebuild: (rebuild) => rebuilds.push(rebuild) });
  expect(rebuilds).toMatchObject([
    { cause: 'ledger replaced', detail: expect.stringContaining('block 0') as string },
  ]);
  expect(before.rebuilds).toEqual(rebuilds);
  await expect(before.search({}, { limit: 1, cursor })).rejects.toThrow(LedgerQueryError);
  await before.close();
  const fresh = await indexOf(other);
  await fresh.close();
  expect(await contentsOf(at)).toEqual(await contentsOf(fresh.folder));
});

test('a ledger that goes on otherwise than it was indexed is read anew', async () => {
  const index = await indexOf(chain.slice(0, 5));
  const forked = [...chain.slice(0, 4), ...other.slice(4, 6)];
  const rebuilds: Rebuild[] = [];
  await index.follow(sourceOf(forked), { onRebuild: (rebuild) => rebuilds.push(rebuild) });
  expect(rebuilds).toMatchObject([
    { cause: 'ledger replaced', detail: expect.stringContaining('block 4') as string },
  ]);
  expect(index.height).toBe(forked.length);
  await index.close();
});

async function files(at: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(at)).filter((name) => pattern.test(name)).map((name) => path.join(at, name));
}

test.each([
  ['manifest', /^MANIFEST/],
  ['pointer to the manifest', /^CURRENT$/],
])('an index with a damaged %s is built anew when it is opened, and says so', async (_, pattern) => {
  const at = newFolder();
  await (await indexOf(chain, at)).close();
  const [file = ''] = await files(at, pattern);
  await writeFile(file, 'not what LevelDB wrote\n');
  const index = await LedgerIndex.open(at, CHANNEL);
  expect(index.rebuilds).toMatchObject([{ cause: 'corrupt' }]);
  expect(index.height).toBe(0);
  await index.follow(sourceOf(chain));
  expect(index.height).toBe(chain.length);
  await index.close();
});

test('a byte changed in the data is noticed by whoever reads it, and leads to a rebuild', async () => {
  const at = newFolder();
  const whole = await indexOf(chain, at);
  const expected = (await whole.search({}, { limit: 1000 })).found;
  await whole.close();
  // Opening writes the log into tables.
  await (await LedgerIndex.open(at, CHANNEL)).close();
  const tables = await files(at, /\.ldb$/);
  expect(tables.length).toBeGreaterThan(0);
  for (const table of tables) {
    const bytes = await readFile(table);
    // The middle of the data; LevelDB's own footer stays whole.
    for (let offset = 4096; offset < bytes.length - 4096; offset += 4096)
      bytes.writeUInt8(bytes.readUInt8(offset) ^ 0x55, offset);
    await writeFile(table, bytes);
  }
  const index = await LedgerIndex.open(at, CHANNEL);
  const reading = Promise.all([
    index.search({}, { limit: 1000 }),
    index.search({ text: 'street' }, { limit: 1000 }),
  ]);
  if (index.rebuilds.length === 0) await expect(reading).rejects.toThrow('built anew');
  const rebuilds: Rebuild[] = [...index.rebuilds];
  await index.follow(sourceOf(chain), { onRebuild: (rebuild) => rebuilds.push(rebuild) });
  expect(rebuilds).toMatchObject([{ cause: 'corrupt' }]);
  expect((await index.search({}, { limit: 1000 })).found).toEqual(expected);
  await index.close();
});

test('an index of another channel, or without its progress, is not believed', async () => {
  const at = newFolder();
  await (await indexOf(chain, at)).close();
  const index = await LedgerIndex.open(at, 'wallet-channel');
  expect(index.rebuilds).toMatchObject([{ cause: 'corrupt', detail: 'it is of channel parking-channel' }]);
  await index.close();
});

test('a second process, or a second one here, is told that the index is in use', async () => {
  const index = await indexOf(chain.slice(0, 3));
  await expect(LedgerIndex.open(index.folder, CHANNEL)).rejects.toMatchObject({
    constructor: LedgerIndexError,
    reason: 'in use',
  });
  await index.close();
});

test('what a killed process had discarded is deleted', async () => {
  const at = newFolder();
  await mkdir(`${at}.discarded-00`, { recursive: true });
  await cp(path.join(folder, 'one'), `${at}.discarded-00`, { recursive: true });
  await (await LedgerIndex.open(at, CHANNEL)).close();
  expect((await readdir(folder)).filter((name) => name.includes('discarded'))).toEqual([]);
});

test('a source that leaves a block out, or sends none, fails with what came', async () => {
  const index = await LedgerIndex.open(newFolder(), CHANNEL);
  const gap = sourceOf([...chain.slice(0, 2), ...chain.slice(3)]);
  await expect(index.follow(gap)).rejects.toThrow('block 3 came where 2 was due');
  const garbage = sourceOf([Buffer.from('no block')]);
  await expect(index.follow(garbage)).rejects.toThrow('what came is no block');
  await index.follow(sourceOf(chain));
  expect(index.height).toBe(chain.length);
  await index.close();
});

test('a search for nothing that could be found is refused', async () => {
  const index = await LedgerIndex.open(newFolder(), CHANNEL);
  await expect(index.search({ text: '~ – !' }, { limit: 1 })).rejects.toThrow(LedgerQueryError);
  await expect(index.search({ from: new Date(NaN) }, { limit: 1 })).rejects.toThrow(LedgerQueryError);
  await expect(index.search({}, { limit: 1, cursor: 'x' })).rejects.toThrow(LedgerQueryError);
  expect(await index.search({}, { limit: 1 })).toEqual({ found: [], cursor: undefined });
  await index.close();
});
