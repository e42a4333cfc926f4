import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seriesKey } from '../../core/ports/metrics';
import type { MetricsFrame, NodeColumns } from '../../core/ports/metrics';
import { storeFaults } from '../../core/fake-records';
import { DiskMetricsHistory } from './disk-history';
import { FrameEncoder } from './frame-codec';
import { FrameFile } from './frame-file';

const report = storeFaults().of('metrics');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-metrics-'));
});
afterEach(() => rm(folder, { recursive: true }));

const height = seriesKey('height', { channel: 'one' });
const fineFile = () => path.join(folder, 'every-5-seconds.jsonl');

const frame = (at: number, values: Record<string, number> = { [height]: at / 5_000 }): MetricsFrame => ({
  at,
  nodes: new Map([['peer', { startedAt: 7, values: new Map(Object.entries(values)) }]]),
});

const heightsOf = (nodes: ReadonlyMap<string, NodeColumns>) =>
  nodes.get('peer')?.frames.map(({ at, values }) => [at, values[0]]);

async function fill(history: DiskMetricsHistory, from: number, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await history.append(frame((from + index) * 5_000));
}

async function framesOf(file: FrameFile): Promise<MetricsFrame[]> {
  const frames: MetricsFrame[] = [];
  for await (const one of file.read()) frames.push(one);
  return frames;
}

test('another process goes on where one ended', async () => {
  await fill(new DiskMetricsHistory(folder, report), 1, 3);
  const next = new DiskMetricsHistory(folder, report);
  await fill(next, 4, 1);
  const { everyMs, nodes } = await new DiskMetricsHistory(folder, report).frames(0, 60_000);
  expect(everyMs).toBe(5_000);
  expect(heightsOf(nodes)).toEqual([
    [5_000, 1],
    [10_000, 2],
    [15_000, 3],
    [20_000, 4],
  ]);
});

test('a line that a kill cut off is dropped, and what follows is whole', async () => {
  await fill(new DiskMetricsHistory(folder, report), 1, 2);
  await appendFile(fineFile(), '{"at":15000,"nodes":{"pe');
  const next = new DiskMetricsHistory(folder, report);
  await fill(next, 4, 1);
  expect(heightsOf((await new DiskMetricsHistory(folder, report).frames(0, 60_000)).nodes)).toEqual([
    [5_000, 1],
    [10_000, 2],
    [20_000, 4],
  ]);
});

test('a file that is damaged within is set aside, and goes on from what stands before the damage', async () => {
  await writeFile(`${fineFile()}.1`, `${new FrameEncoder().encode(frame(0))}\n`);
  const file = new FrameFile(fineFile(), () => 100);
  for (const at of [1, 2, 3]) await file.append(frame(at));
  const lines = (await readFile(fineFile(), 'utf8')).split('\n');
  await writeFile(fineFile(), [lines[0], 'garbage', lines[2], ''].join('\n'));
  const next = new FrameFile(fineFile(), () => 100);
  await next.append(frame(4));
  expect((await framesOf(new FrameFile(fineFile(), () => 100))).map(({ at }) => at)).toEqual([0, 1, 4]);
  const [copy = ''] = (await readdir(folder)).filter((name) => name.includes('.damaged-'));
  expect(await readFile(path.join(folder, copy), 'utf8')).toContain(`garbage\n${lines[2]}`);
});

test('a history that cannot be written goes on in memory, says so, and is written again when it can be', async () => {
  const faults = storeFaults();
  const history = new DiskMetricsHistory(folder, faults.of('metrics'));
  await mkdir(fineFile());
  await fill(history, 1, 2);
  expect(await history.last()).toBeNull();
  expect(await faults.list()).toMatchObject([{ store: 'metrics', kind: 'failing' }]);
  await rm(fineFile(), { recursive: true });
  await fill(history, 3, 1);
  expect(await faults.list()).toEqual([]);
  const text = await readFile(fineFile());
  await rm(fineFile());
  await mkdir(fineFile());
  await fill(history, 4, 1);
  expect(heightsOf((await history.frames(15_000, 20_000)).nodes)?.map(([at]) => at)).toEqual([
    15_000, 20_000,
  ]);
  expect(await faults.list()).toMatchObject([{ store: 'metrics', kind: 'failing' }]);
  await rm(fineFile(), { recursive: true });
  await writeFile(fineFile(), text);
  await fill(history, 5, 1);
  expect((await framesOf(new FrameFile(fineFile(), () => 100))).map(({ at }) => at)).toEqual([
    15_000, 25_000,
  ]);
  expect(await faults.list()).toEqual([]);
});

test('only what changed is written, and what vanished is absent again', async () => {
  const file = new FrameFile(fineFile(), () => 100);
  await file.append(frame(1, { a: 1, b: 2 }));
  await file.append(frame(2, { a: 1, b: 3 }));
  await file.append(frame(3, { a: 1 }));
  const lines = (await readFile(fineFile(), 'utf8')).trim().split('\n');
  expect(JSON.parse(lines[1] ?? '')).toEqual({ at: 2, nodes: { peer: { started: 7, changed: [1, 3] } } });
  const frames = await framesOf(new FrameFile(fineFile(), () => 100));
  expect(frames.map(({ nodes }) => Object.fromEntries(nodes.get('peer')?.values ?? []))).toEqual([
    { a: 1, b: 2 },
    { a: 1, b: 3 },
    { a: 1 },
  ]);
});

test('the space it takes is bounded', async () => {
  const file = new FrameFile(fineFile(), () => 10);
  for (let at = 1; at <= 95; at++) await file.append(frame(at));
  expect((await readdir(folder)).sort()).toEqual(['every-5-seconds.jsonl', 'every-5-seconds.jsonl.1']);
  const kept = (await framesOf(new FrameFile(fineFile(), () => 10))).map(({ at }) => at);
  expect(kept).toEqual([81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95]);
  expect((await stat(fineFile())).mode & 0o077).toBe(0);
});

test('a range of hours is answered in steps of a minute, over a restart too', async () => {
  const history = new DiskMetricsHistory(folder, report);
  await fill(history, 0, 12 * 60 + 400);
  const hours = await new DiskMetricsHistory(folder, report).frames(0, 12 * 60 * 10_000);
  expect(hours.everyMs).toBe(60_000);
  const times = hours.nodes.get('peer')?.frames.map(({ at }) => at) ?? [];
  expect(times.slice(0, 3)).toEqual([0, 60_000, 120_000]);
  const minutes = await history.frames(5_000_000, 5_600_000);
  expect(minutes.everyMs).toBe(5_000);
});

test('an hour of yesterday is answered from the steps of a minute', async () => {
  const history = new DiskMetricsHistory(folder, report);
  const hour = 3_600_000;
  for (const at of [0, 60_000, 120_000]) await history.append(frame(at));
  for (let index = 0; index < 900; index++) await history.append(frame(20 * hour + index * 5_000));
  const { everyMs, nodes } = await history.frames(0, hour);
  expect(everyMs).toBe(60_000);
  expect(nodes.get('peer')?.frames.filter(({ at }) => at < hour)).toHaveLength(3);
});

test('a long range is read in few frames, which go on as time goes on', async () => {
  const history = new DiskMetricsHistory(folder, report, { keepHours: () => 48 });
  const day = 24 * 3_600_000;
  for (let minute = 0; minute < 24 * 60; minute++) await history.append(frame(minute * 60_000));
  const before = await history.frames(0, day);
  expect(before.everyMs).toBe(120_000);
  expect(before.nodes.get('peer')?.frames.length).toBe(720);
  await history.append(frame(day));
  const after = await history.frames(0, day);
  expect(after.nodes.get('peer')?.frames.at(-1)?.at).toBe(day);
});

test('fewer hours are kept as soon as fewer are wanted', async () => {
  let keepHours = 2;
  const history = new DiskMetricsHistory(folder, report, { keepHours: () => keepHours });
  for (let minute = 0; minute < 100; minute++) await history.append(frame(minute * 60_000));
  keepHours = 1;
  for (let minute = 100; minute < 170; minute++) await history.append(frame(minute * 60_000));
  const kept = await framesOf(new FrameFile(path.join(folder, 'every-minute.jsonl'), () => 1));
  expect(kept.map(({ at }) => at / 60_000)).toEqual(
    Array.from({ length: 170 }, (_unused, at) => at).slice(100),
  );
});
