import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { loadTopology } from '../topology/load';
import { MemoryPins } from '../protocol/verification/genesis-pins';
import { verifyChain } from '../protocol/verification/report';
import { shippedTopology } from './bench-network';
import { ChainFile } from './chain-file';
import { GeneratedChannel } from './generated-channel';
import { measureIndex, type IndexMeasurement } from './index-measurement';

const LIMITS = {
  /** At least. */
  perSecond: 4000,
  /** At most. */
  residentBytes: 400_000_000,
  openMs: 20,
  firstPageMs: 100,
};
const DEFAULT_TRANSACTIONS = 100_000;
const VERIFIED_BLOCKS = 300;
const MEASURE = 'measure';

const usage = `npm run bench -- ledger [TRANSACTIONS] [--json] [--seed NUMBER]

Generates a channel (${DEFAULT_TRANSACTIONS} transactions, ten a block), indexes it in a process of its own and searches
it. --json prints one document: transactions a second, bytes, milliseconds. Ends with 1 where a limit is missed.
`;

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly limit?: string;
  readonly missed?: boolean;
}

async function generated(folder: string, transactions: number, seed: number): Promise<string> {
  const file = path.join(folder, 'chain');
  const channel = await GeneratedChannel.create(
    await loadTopology(shippedTopology),
    path.join(folder, 'material'),
  );
  await ChainFile.write(file, channel.blocks({ seed, transactions }));
  return file;
}

/** In a process of its own, whose memory is then the index's alone. */
async function measured(folder: string, chainFile: string, seed: number): Promise<IndexMeasurement> {
  const args = [__filename, MEASURE, path.join(folder, 'index'), chainFile, String(seed)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as IndexMeasurement;
}

/** Transactions a second whose hashes, signatures and outcomes are checked. */
async function verified(chainFile: string): Promise<number> {
  const chain = await ChainFile.open(chainFile);
  try {
    const blocks: Uint8Array[] = [];
    for (let number = 0; number < Math.min(VERIFIED_BLOCKS, chain.height); number += 1)
      blocks.push(await chain.read(number));
    const begun = performance.now();
    const { transactions, anomalies } = await verifyChain({
      channelId: 'parking-channel',
      blocks,
      pins: new MemoryPins(),
    });
    const [anomaly] = anomalies;
    if (anomaly) throw new Error(`the generated chain is not sound: ${JSON.stringify(anomaly)}`);
    return (transactions / (performance.now() - begun)) * 1000;
  } finally {
    await chain.close();
  }
}

function figuresOf(measurement: IndexMeasurement, verifiedPerSecond: number): Figure[] {
  const { perSecond, residentBytes, openBlockMs, openTransactionMs, firstPageMs, slowestSearch } =
    measurement;
  const most = (name: string, value: number, limit: number): Figure => ({
    name,
    value: `${value.toFixed(1)} ms`,
    limit: `≤ ${limit} ms`,
    missed: value > limit,
  });
  return [
    { name: 'transactions', value: String(measurement.transactions) },
    {
      name: 'indexed',
      value: `${perSecond.toFixed(0)} /s`,
      limit: `≥ ${LIMITS.perSecond} /s`,
      missed: perSecond < LIMITS.perSecond,
    },
    {
      name: 'memory, resident',
      value: `${(residentBytes / 1e6).toFixed(0)} MB`,
      limit: `≤ ${LIMITS.residentBytes / 1e6} MB`,
      missed: residentBytes > LIMITS.residentBytes,
    },
    most('a block opened, p99', openBlockMs.p99, LIMITS.openMs),
    most('a transaction opened, p99', openTransactionMs.p99, LIMITS.openMs),
    most('first page of a search, p99', firstPageMs.p99, LIMITS.firstPageMs),
    most(`the slowest search (${slowestSearch.name}), p99`, slowestSearch.p99, LIMITS.firstPageMs),
    { name: 'verified', value: `${verifiedPerSecond.toFixed(0)} /s` },
  ];
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } },
  });
  const [first = String(DEFAULT_TRANSACTIONS), ...rest] = positionals;
  const seed = Number(values.seed);
  if (first === MEASURE) {
    const [folder = '', chainFile = '', drawn] = rest;
    process.stdout.write(`${JSON.stringify(await measureIndex(folder, chainFile, Number(drawn)))}\n`);
    return 0;
  }
  const transactions = Number(first);
  if (!(transactions > 0) || !Number.isSafeInteger(seed)) {
    process.stderr.write(usage);
    return 2;
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-ledger-bench-'));
  try {
    process.stderr.write(`generating ${transactions} transactions …\n`);
    const chainFile = await generated(folder, transactions, seed);
    process.stderr.write('indexing and searching …\n');
    const measurement = await measured(folder, chainFile, seed);
    process.stderr.write('verifying …\n');
    const figures = figuresOf(measurement, await verified(chainFile));
    const missed = figures.filter((figure) => figure.missed);
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ seed, ...measurement, missed: missed.map(({ name, value }) => `${name}: ${value}`) })}\n`
        : figures.map(line).join(''),
    );
    return missed.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const line = ({ name, value, limit = '', missed }: Figure): string =>
  `${name.padEnd(60)}${value.padStart(14)}${limit.padStart(14)}${missed === true ? '  missed' : ''}\n`;

void main().then((code) => (process.exitCode = code));
