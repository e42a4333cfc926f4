import { expect, test } from 'vitest';
import { FakeHost } from '../fakes';
import { memoryMetrics } from '../fake-records';
import { seriesKey } from '../ports/metrics';
import type { RawMetric } from '../ports/metrics';
import { MetricSeriesService } from './metric-series';

const channel = 'goods-channel';
const alpha = 'peer0.alpha.test';
const beta = 'peer0.beta.test';
const start = Date.parse('2026-01-01T00:00:00.000Z');

type Told = Partial<Record<string, number>> & { readonly startedAt?: number };
const told = (metric: RawMetric, labels: Record<string, string>) => seriesKey(metric, labels);

/** Every five seconds one reading of each node; null where it was not reached. */
function history(nodes: Record<string, readonly (Told | null)[]>) {
  const kept = memoryMetrics();
  const rounds = Math.max(...Object.values(nodes).map((readings) => readings.length));
  for (let round = 0; round < rounds; round++) {
    kept.kept.push({
      at: start + (round + 1) * 5_000,
      nodes: new Map(
        Object.entries(nodes).flatMap(([name, readings]) => {
          const reading = readings[round];
          if (!reading) return [];
          const { startedAt = 1, ...values } = reading;
          const entries = Object.entries(values).filter(
            (entry): entry is [string, number] => entry[1] !== undefined,
          );
          return [[name, { startedAt, values: new Map(entries) }] as const];
        }),
      ),
    });
  }
  return new MetricSeriesService(new FakeHost(), kept);
}

/** Steps of ten seconds. */
const minute = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:30.000Z', maxPoints: 10 };

test('a gauge stands at its last value in each step, and a gap stays a gap', async () => {
  const height = told('height', { channel });
  const service = history({
    [alpha]: [{ [height]: 1 }, { [height]: 2 }, null, null, { [height]: 5 }, { [height]: 6 }],
  });
  const { stepMs, times, series } = await service.series({ ...minute, names: ['height'], nodes: [alpha] });
  expect(stepMs).toBe(10_000);
  expect(times).toEqual(['2026-01-01T00:00:10.000Z', '2026-01-01T00:00:20.000Z', '2026-01-01T00:00:30.000Z']);
  expect(series).toEqual([{ name: 'height', node: alpha, labels: { channel }, values: [2, null, 6] }]);
});

test('lag is counted against the highest peer of the same moment', async () => {
  const height = told('height', { channel });
  const service = history({
    [alpha]: [{ [height]: 4 }, { [height]: 10 }],
    [beta]: [{ [height]: 4 }, { [height]: 7 }],
    'orderer.test': [{ [height]: 99 }, { [height]: 99 }],
  });
  const { series } = await service.series({ ...minute, to: '2026-01-01T00:00:10.000Z', names: ['lag'] });
  expect(series.map(({ node, values }) => [node, values])).toEqual([
    [alpha, [0]],
    [beta, [3]],
  ]);
});

test('transactions per second are told by one peer for all, not summed up', async () => {
  const valid = told('transactions', { channel, code: 'VALID' });
  const service = history({
    [alpha]: [{ [valid]: 10 }, { [valid]: 20 }, { [valid]: 40 }],
    [beta]: [{ [valid]: 10 }, { [valid]: 10 }, { [valid]: 15 }],
  });
  const { series } = await service.series({ ...minute, names: ['transactions'] });
  expect(series).toEqual([
    { name: 'transactions', node: null, labels: { channel, code: 'VALID' }, values: [2, 4, null] },
  ]);
});

test('a block that two peers were read before and after is not shown twice', async () => {
  const valid = told('transactions', { channel, code: 'VALID' });
  const height = told('height', { channel });
  const at = (blocks: number) => ({ [height]: blocks, [valid]: 10 * blocks });
  const service = history({
    [alpha]: [at(1), at(1), at(1), at(1), at(2), at(2)],
    [beta]: [at(1), at(1), at(1), at(2), at(2), at(2)],
  });
  const { series } = await service.series({ ...minute, names: ['transactions'] });
  const committed = series.flatMap(({ values }) => values.map((perSecond) => (perSecond ?? 0) * 10));
  expect(committed.reduce((sum, count) => sum + count)).toBeCloseTo(10);
});

test('what a peer commits while it catches up was committed before: others tell', async () => {
  const valid = told('transactions', { channel, code: 'VALID' });
  const height = told('height', { channel });
  const at = (blocks: number, startedAt = 1) => ({ startedAt, [height]: blocks, [valid]: blocks });
  const service = history({
    [alpha]: [
      at(90),
      at(100),
      null,
      null,
      { startedAt: 100, [height]: 100, [valid]: 0 },
      at(900, 100),
      at(901, 100),
    ],
    [beta]: [at(90), at(100), at(500), at(900), at(900), at(900), at(901)],
  });
  const { series } = await service.series({
    ...minute,
    to: '2026-01-01T00:00:40.000Z',
    names: ['transactions'],
  });
  expect(series[0]?.values).toEqual([2, 80, 0, 0.2]);
});

test('a start that the clock moved by a second is the same start', async () => {
  const valid = told('transactions', { channel, code: 'VALID' });
  const service = history({
    [alpha]: [
      { startedAt: 5, [valid]: 1000 },
      { startedAt: 6, [valid]: 1010 },
    ],
  });
  const { series } = await service.series({ ...minute, names: ['transactions'] });
  expect(series[0]?.values).toEqual([2, null, null]);
});

test('a counter that starts again with its process counts from zero', async () => {
  const valid = told('transactions', { channel, code: 'VALID' });
  const service = history({
    [alpha]: [
      { [valid]: 1000 },
      { [valid]: 1000 },
      { startedAt: 100, [valid]: 10 },
      { startedAt: 100, [valid]: 20 },
    ],
  });
  const { series } = await service.series({ ...minute, names: ['transactions'] });
  expect(series[0]?.values).toEqual([0, 2, null]);
});

test('a counter that a node creates with its first use began at zero', async () => {
  const valid = told('transactions', { channel, code: 'VALID' });
  const service = history({ [alpha]: [{}, { [valid]: 5 }, { [valid]: 5 }, { [valid]: 5 }] });
  const { series } = await service.series({ ...minute, names: ['transactions'] });
  expect(series[0]?.values).toEqual([1, 0, null]);
});

test('nothing is said over a time in which nobody looked', async () => {
  const valid = told('transactions', { channel, code: 'VALID' });
  const service = history({
    [alpha]: [{ [valid]: 0 }, null, null, null, { [valid]: 900 }, { [valid]: 905 }],
  });
  const { series } = await service.series({ ...minute, names: ['transactions'] });
  expect(series[0]?.values).toEqual([null, null, 1]);
});

test('quantiles come from what the buckets grew by, in milliseconds, and are unknown where nothing happened', async () => {
  const bucket = (le: string) => told('endorsement.bucket', { channel, contract: 'goods', le });
  const read = (small: number, large: number) => ({
    [bucket('0.1')]: small,
    [bucket('1')]: large,
    [bucket('+Inf')]: large,
  });
  const service = history({ [alpha]: [read(100, 100), read(150, 200), read(150, 200), read(150, 200)] });
  const { series } = await service.series({ ...minute, names: ['endorsement.p50', 'endorsement.p95'] });
  expect(series.map(({ name, values }) => [name, values])).toEqual([
    ['endorsement.p50', [100, null, null]],
    ['endorsement.p95', [910, null, null]],
  ]);
});

test('a commit takes as long as its three stages', async () => {
  const stage = (name: string, blocks: number, seconds: number) => ({
    [told('block.bucket', { channel, stage: name, le: '1' })]: blocks,
    [told('block.bucket', { channel, stage: name, le: '+Inf' })]: blocks,
    [told('block.seconds', { channel, stage: name })]: seconds,
    [told('block.count', { channel, stage: name })]: blocks,
  });
  const read = (blocks: number, storage: number) => ({
    ...stage('validation', blocks, 0.001 * blocks),
    ...stage('storage', blocks, storage),
    ...stage('state', blocks, 0.002 * blocks),
  });
  const service = history({ [alpha]: [read(0, 0), read(4, 0.2), read(4, 0.2), read(4, 0.2)] });
  const { series } = await service.series({
    ...minute,
    names: ['commit.p50', 'commit.validation', 'commit.storage', 'commit.state'],
  });
  expect(series.map(({ name, values }) => [name, values.map((ms) => ms && Math.round(ms))])).toEqual([
    ['commit.p50', [1500, null, null]],
    ['commit.validation', [1, null, null]],
    ['commit.storage', [50, null, null]],
    ['commit.state', [2, null, null]],
  ]);
});

test('times in which a node was not read are told, and how it stands with the last round', async () => {
  const height = told('height', { channel });
  const service = history({
    [alpha]: [{ [height]: 1 }, { [height]: 2 }, null, null, { [height]: 5 }, { [height]: 6 }],
    [beta]: [{ [height]: 1 }, null, null, null, null, null],
  });
  const { unread, scrape } = await service.series({ ...minute, names: ['height'], nodes: [alpha, beta] });
  expect(unread).toEqual([
    { node: alpha, from: '2026-01-01T00:00:10.000Z', to: '2026-01-01T00:00:20.000Z' },
    { node: beta, from: '2026-01-01T00:00:10.000Z', to: '2026-01-01T00:00:30.000Z' },
  ]);
  expect(scrape).toEqual({ everyMs: 5_000, last: '2026-01-01T00:00:30.000Z', asked: 1, answered: 1 });
});

test('why a series is absent: never offered, nothing counted yet, not reached', async () => {
  const service = history({ [alpha]: [{ [told('height', { channel })]: 1 }] });
  const { series, absent } = await service.series({ ...minute, names: ['gossip.known', 'proposals'] });
  expect(series).toEqual([]);
  expect(absent).toEqual([
    { name: 'gossip.known', node: alpha, reason: 'not-offered' },
    { name: 'gossip.known', node: beta, reason: 'not-offered' },
    { name: 'proposals', node: alpha, reason: 'no-data-yet' },
    { name: 'proposals', node: beta, reason: 'not-reached' },
  ]);
});

test('never more points than asked for, on steps that stay where they are as time goes on', async () => {
  const service = history({ [alpha]: [{ [told('height', { channel })]: 1 }] });
  const early = await service.series({
    from: '2026-01-01T00:00:03.000Z',
    to: '2026-01-01T06:00:03.000Z',
    names: ['height'],
    maxPoints: 50,
  });
  expect(early.times.length).toBeLessThanOrEqual(50);
  const later = await service.series({
    from: '2026-01-01T00:00:08.000Z',
    to: '2026-01-01T06:00:08.000Z',
    names: ['height'],
    maxPoints: 50,
  });
  expect(later.times).toEqual(early.times);
});

test('a range that ends before it begins is refused', async () => {
  const service = history({ [alpha]: [{}] });
  await expect(
    service.series({ names: ['height'], from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }),
  ).rejects.toMatchObject({ problem: { code: 'BAD_REQUEST' } });
});
