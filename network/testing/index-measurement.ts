import { LedgerBlock } from '../protocol/inspection/ledger-block';
import { LedgerIndex } from '../ledger-index/ledger-index';
import type { LedgerQuery } from '../ledger-index/search';
import { ChainFile } from './chain-file';
import { Random } from './random';

/** What is measured of an index in a process of its own. */
export interface IndexMeasurement {
  readonly transactions: number;
  /** Indexed. */
  readonly perSecond: number;
  /** The most that was resident, searches included. */
  readonly residentBytes: number;
  readonly openBlockMs: Percentiles;
  readonly openTransactionMs: Percentiles;
  readonly firstPageMs: Percentiles;
  /** The kind of search whose first page takes longest, by its p99. */
  readonly slowestSearch: { readonly name: string; readonly p99: number };
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

const OPENINGS = 500;
const ROUNDS = 40;
const PAGE = 50;

/** Indexes a chain into an empty folder, then searches it. Times in milliseconds. */
export async function measureIndex(
  folder: string,
  chainFile: string,
  seed: number,
): Promise<IndexMeasurement> {
  const memory = new MostResident();
  const chain = await ChainFile.open(chainFile);
  const index = await LedgerIndex.open(folder, 'parking-channel');
  try {
    const begun = performance.now();
    await index.follow(chain, { onProgress: () => memory.look() });
    const perSecond = (index.transactions / (performance.now() - begun)) * 1000;
    const random = new Random(seed);
    const openBlock = await timed(OPENINGS, () => openedBlock(chain, random.below(chain.height)));
    const ids = await idsOf(index, random);
    const openTransaction = await timed(OPENINGS, async () => {
      const id = random.pick(ids);
      const [found] = (await index.search({ id }, { limit: 1 })).found;
      const block = LedgerBlock.fromBytes(await chain.read(found?.block ?? 0));
      readWhole(block, found?.tx);
    });
    memory.look();
    const pages: number[] = [];
    let slowestSearch = { name: '', p99: 0 };
    for (const [name, query] of searches(index, random)) {
      const times = await timed(ROUNDS, () => index.search(query(), { limit: PAGE }));
      pages.push(...times);
      const { p99 } = percentiles(times);
      if (p99 > slowestSearch.p99) slowestSearch = { name, p99 };
    }
    memory.look();
    return {
      transactions: index.transactions,
      perSecond,
      residentBytes: memory.bytes,
      openBlockMs: percentiles(openBlock),
      openTransactionMs: percentiles(openTransaction),
      firstPageMs: percentiles(pages),
      slowestSearch,
    };
  } finally {
    await index.close();
    await chain.close();
  }
}

async function openedBlock(chain: ChainFile, number: number): Promise<void> {
  const block = LedgerBlock.fromBytes(await chain.read(number));
  for (const { position } of block.transactions) readWhole(block, position);
}

/** Reads every layer of a transaction. */
function readWhole(block: LedgerBlock, position = 0): void {
  for (const action of block.transactions[position]?.actions ?? []) {
    void [action.call, action.sets, action.event, action.endorsements];
  }
}

async function idsOf(index: LedgerIndex, random: Random): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < 50; count += 1) {
    const entries = await index.transactionsOf(random.below(index.height));
    ids.push(...entries.map(({ id }) => id));
  }
  return ids;
}

/** Every condition alone and several together, common and rare, also those that nothing matches. */
function searches(index: LedgerIndex, random: Random): [name: string, query: () => LedgerQuery][] {
  const contract = 'parking';
  const sessions = Math.floor(index.transactions * 0.4);
  const session = () => `SESSION~${String(1 + random.below(sessions)).padStart(7, '0')}`;
  const hour = (which: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + which * 3_600_000);
  const hours = Math.floor(index.transactions / 18_000) + 1;
  const from = () => hour(random.below(hours));
  const whole: [string, LedgerQuery][] = [
    ['everything', {}],
    ['contract', { contract: 'tariff' }],
    ['function', { function: 'pay' }],
    ['organization', { organization: 'UserServiceMSP' }],
    ['code', { code: 11 }],
    ['code that is not there', { code: 10 }],
    ['event', { event: 'PriceSet' }],
    ['configuration', { type: 'CONFIG' }],
    ['contract and function of another', { contract: 'tariff', function: 'pay' }],
    ['two functions’ words', { function: 'release', text: 'harbour' }],
    ['text', { text: 'harbour street' }],
    ['text, function and code', { text: 'electric', function: 'reserve', code: 11 }],
    ['words that are there, but not together', { text: 'harbour market' }],
    ['words of which each two are there', { text: 'opera square street' }],
    ['all keys of a contract', { keyPrefix: { contract, prefix: '' } }],
    ['many keys', { keyPrefix: { contract, prefix: 'SPOT~1' } }],
    ['from a day on, a code', { from: hour(1), code: 11 }],
  ];
  const drawn: [string, () => LedgerQuery][] = [
    ['block', () => ({ block: random.below(index.height) })],
    ['key', () => ({ key: { contract, key: session() } })],
    ['key that is not there', () => ({ key: { contract, key: `${session()}0` } })],
    ['key prefix, ten keys', () => ({ keyPrefix: { contract, prefix: session().slice(0, -1) } })],
    ['key prefix, thousands', () => ({ keyPrefix: { contract, prefix: session().slice(0, -4) } })],
    ['key prefix, a tenth of all', () => ({ keyPrefix: { contract, prefix: session().slice(0, -5) } })],
    ['an hour', () => ({ from: from(), before: new Date(from().getTime() + 3_600_000) })],
    ['an hour, function', () => ({ from: from(), function: 'release' })],
    ['price as text', () => ({ text: String(100 + random.below(3000)) })],
    ['plate', () => ({ text: `CF-AB ${1000 + random.below(9000)}`, organization: 'CityManagementMSP' })],
  ];
  return [...whole.map(([name, query]): [string, () => LedgerQuery] => [name, () => query]), ...drawn];
}

async function timed(times: number, act: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let count = 0; count < times; count += 1) {
    const begun = performance.now();
    await act();
    taken.push(performance.now() - begun);
  }
  return taken;
}

function percentiles(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

class MostResident {
  bytes = 0;

  look(): void {
    this.bytes = Math.max(this.bytes, process.memoryUsage.rss());
  }
}
