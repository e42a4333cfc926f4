import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { seriesKey } from '../../core/ports/metrics';
import { readPage } from './selection';

const packageId = 'demo_1:ce34789b3eb1f40c64ed210c5094040179dafe2995a89a4857cfdecdd932a8c6';
const contractOf = (id: string) => (id === packageId ? 'demo' : id);
const read = (node: string) =>
  readPage(
    readFileSync(path.join(import.meta.dirname, 'fixtures', `genuine-${node}.prom`), 'utf8'),
    contractOf,
  );

const channel = 'parking-channel';

test('a genuine peer: labels by meaning, the console’s own questions left out', () => {
  const { startedAt, values } = read('peer');
  expect(startedAt).toBe(1.79533187741e9);
  expect(values.get(seriesKey('height', { channel }))).toBe(276);
  const committed = (code: string, contract: string) =>
    values.get(seriesKey('transactions', { channel, code, contract }));
  expect(committed('VALID', 'demo')).toBe(2606);
  expect(committed('VALID', '_lifecycle')).toBe(8);
  expect(committed('VALID', '')).toBe(1);
  expect(committed('MVCC_READ_CONFLICT', 'demo')).toBe(1);
  expect(values.get(seriesKey('proposals', { channel, contract: 'demo' }))).toBe(582);
  expect(values.get(seriesKey('shim', { channel, contract: 'demo', type: 'PUT_STATE' }))).toBe(581);
  expect(values.get(seriesKey('gossip.known', { channel: 'wallet-channel' }))).toBe(7);
  expect(values.get(seriesKey('connections', {}))).toBe(5);
  expect(values.get(seriesKey('log.warnings', {}))).toBe(38);
  expect(values.get(seriesKey('proposals.failed', {}))).toBe(0);
  const block = (stage: string) => values.get(seriesKey('block.seconds', { channel, stage })) ?? NaN;
  expect([block('validation'), block('storage'), block('state')].map((sum) => sum.toFixed(2))).toEqual([
    '0.17',
    '4.71',
    '2.08',
  ]);
  expect(values.get(seriesKey('block.count', { channel, stage: 'storage' }))).toBe(276);
  expect(values.get(seriesKey('gossip.buffer', { channel }))).toBe(0);
  const all = [...values.keys()].filter((key) => !key.startsWith('transactions')).join('\n');
  for (const system of ['qscc', 'cscc', '_lifecycle', 'syscc']) expect(all).not.toContain(system);
});

test('a genuine orderer: Raft, and nothing that only peers have', () => {
  const { values } = read('orderer');
  expect(values.get(seriesKey('raft.leader', { channel }))).toBe(1);
  expect(values.get(seriesKey('raft.clusterSize', { channel }))).toBe(1);
  expect(values.get(seriesKey('raft.activeNodes', { channel }))).toBe(1);
  expect(values.get(seriesKey('broadcast', { channel, status: 'SUCCESS' }))).toBeGreaterThan(0);
  expect(values.get(seriesKey('blockFill.bucket', { channel, le: '+Inf' }))).toBeGreaterThan(0);
  expect(values.get(seriesKey('raft.persist.bucket', { channel, le: '+Inf' }))).toBeGreaterThan(0);
  expect(values.get(seriesKey('log.errors', {}))).toBe(0);
  expect(values.has(seriesKey('proposals.failed', {}))).toBe(false);
  expect([...values.keys()].some((key) => key.startsWith('gossip'))).toBe(false);
});

test('what a fresh node has not counted yet is absent, not zero', () => {
  const { values } = readPage('process_start_time_seconds 5\n', contractOf);
  expect(values.size).toBe(0);
});

test('a page cannot make the console keep any number of series', () => {
  const page = Array.from(
    { length: 10_000 },
    (_unused, index) => `ledger_blockchain_height{channel="c${index}"} 1`,
  ).join('\n');
  expect(readPage(page, contractOf).values.size).toBe(2_000);
});
