import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aProblem, FakeClient } from '../client/testing/fake-client';
import { LogBuffer, waitingWords } from './log-buffer';
import { merge } from './merged-source';
import type { LogLine } from './log-line';

const NODE = 'peer0.alpha.test';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const events = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    line: `2026-11-22 08:00:00.000 UTC 0001 INFO [x] f -> line ${String(from + index)}`,
    position: `p:${String(from + index)}`,
  }));

/** A window that was opened on a log whose last page was answered. */
async function opened(
  { page = 10, most = 30, at }: { page?: number; most?: number; at?: string } = {},
  had = 5,
) {
  const client = new FakeClient();
  const buffer = new LogBuffer(client, NODE, { page, most, at });
  let changes = 0;
  const close = buffer.subscribe(() => (changes += 1));
  const stream = (index: number) => {
    const found = client.streams[index];
    if (!found) throw new Error(`there is no stream ${String(index)}`);
    return found;
  };
  stream(0).send(events(100, had));
  stream(0).end();
  await vi.advanceTimersByTimeAsync(0);
  const texts = () => buffer.snapshot().lines.map(({ text }) => text.split(' -> ')[1] ?? text);
  return { client, buffer, stream, texts, close, changes: () => changes };
}

describe('a window on a log', () => {
  test('reads its last lines, then follows what comes after them', async () => {
    const { stream, buffer, texts } = await opened();
    expect(stream(0).parameters).toMatchObject({ node: NODE, follow: false, tail: 10 });
    expect(stream(1).parameters).toMatchObject({ follow: true, after: 'p:104' });
    expect(buffer.snapshot()).toMatchObject({ state: 'live', older: 'none', reachesEnd: true });
    stream(1).send(events(105, 2));
    await vi.advanceTimersByTimeAsync(250);
    expect(texts()).toEqual([
      'line 100',
      'line 101',
      'line 102',
      'line 103',
      'line 104',
      'line 105',
      'line 106',
    ]);
  });

  test('is drawn at most four times a second', async () => {
    const { stream, changes } = await opened();
    const before = changes();
    for (let index = 0; index < 20; index++) {
      stream(1).send(events(105 + index, 1));
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(changes() - before).toBeLessThanOrEqual(5);
    expect(changes() - before).toBeGreaterThanOrEqual(3);
  });

  test('goes on where it stopped when the connection is back, and repeats nothing', async () => {
    const { stream } = await opened();
    stream(1).send(events(105, 3));
    expect(stream(1).restart()).toMatchObject({ follow: true, after: 'p:107' });
  });

  test('holds what comes while somebody reads, and shows it when asked', async () => {
    const { stream, buffer, texts } = await opened();
    buffer.hold(true);
    stream(1).send(events(105, 4));
    await vi.advanceTimersByTimeAsync(250);
    expect(buffer.snapshot()).toMatchObject({ waiting: 4, isHeld: true });
    expect(waitingWords(buffer.snapshot())).toBe('4 new lines');
    expect(texts()).toHaveLength(5);
    buffer.showNewest();
    expect(texts()).toHaveLength(9);
    expect(buffer.snapshot()).toMatchObject({ waiting: 0, isHeld: false });
  });

  test('stops reading when too much waits, and reads on from there', async () => {
    const { client, stream, buffer } = await opened({ page: 10, most: 50_000 });
    buffer.hold(true);
    stream(1).send(events(105, 20_001));
    await vi.advanceTimersByTimeAsync(250);
    expect(stream(1).closed).toBe(true);
    expect(waitingWords(buffer.snapshot())).toBe('More than 20,000 new lines');
    buffer.showNewest();
    expect(client.streams.at(-1)?.parameters).toMatchObject({ follow: true, after: 'p:20105' });
    expect(buffer.snapshot()).toMatchObject({ state: 'live', moreWait: false, isHeld: false });
  });

  test('holds no more than it may: the oldest go, and are read again when asked for', async () => {
    const { stream, buffer, texts } = await opened({ page: 1_000, most: 2_000 });
    stream(1).send(events(105, 4_000));
    await vi.advanceTimersByTimeAsync(250);
    expect(buffer.snapshot().lines.length).toBeLessThan(3_001);
    expect(buffer.snapshot().older).toBe('more');
    const first = texts()[0] ?? '';
    buffer.loadOlder();
    expect(stream(2).parameters).toMatchObject({ before: `p:${first.slice(5)}`, tail: 1_000, follow: false });
    const from = Number(first.slice(5)) - 1_000;
    stream(2).send(events(from, 1_000));
    stream(2).end();
    await vi.advanceTimersByTimeAsync(0);
    expect(texts()[0]).toBe(`line ${String(from)}`);
    expect(texts()).toHaveLength(2_000);
    // The newest went instead: it no longer follows.
    expect(buffer.snapshot()).toMatchObject({ state: 'parked', reachesEnd: false, older: 'more' });
    expect(stream(1).closed).toBe(true);
    buffer.showNewest();
    expect(stream(3).parameters).toMatchObject({ follow: false, tail: 1_000 });
  });

  test('says where the log begins', async () => {
    const { stream, buffer } = await opened({}, 10);
    expect(buffer.snapshot().older).toBe('more');
    buffer.loadOlder();
    expect(buffer.snapshot().older).toBe('loading');
    stream(2).send(events(97, 3));
    stream(2).end();
    await vi.advanceTimersByTimeAsync(0);
    expect(buffer.snapshot()).toMatchObject({ older: 'none', state: 'live' });
  });

  test('stands at a moment and reads on from there', async () => {
    const { stream, buffer, texts } = await opened({ at: '2026-11-22T08:00:00.000Z' }, 10);
    expect(stream(0).parameters).toMatchObject({ at: '2026-11-22T08:00:00.000Z', limit: 10, follow: false });
    expect(buffer.snapshot()).toMatchObject({ state: 'parked', isHeld: true, older: 'more' });
    buffer.loadNewer();
    expect(stream(1).parameters).toMatchObject({ after: 'p:109', limit: 10, follow: false });
    stream(1).send(events(110, 3));
    stream(1).end();
    await vi.advanceTimersByTimeAsync(0);
    expect(texts()).toHaveLength(13);
    expect(stream(2).parameters).toMatchObject({ follow: true, after: 'p:112' });
    expect(buffer.snapshot().state).toBe('live');
  });

  test('says what is missing where it is missing', async () => {
    const { stream, buffer } = await opened();
    stream(1).send([{ line: 'raw', position: 'q:0', gap: 'missing' }]);
    stream(1).send(events(200, 1), 7);
    await vi.advanceTimersByTimeAsync(250);
    const marks = buffer.snapshot().lines.filter(({ isMark }) => isMark);
    expect(marks.map(({ text }) => text)).toEqual([
      expect.stringContaining('Lines are missing here'),
      expect.stringContaining('7 lines left out'),
    ]);
    expect(buffer.snapshot().dropped).toBe(7);
    // What stands behind a gap continues nothing.
    expect(buffer.snapshot().lines.find(({ text }) => text === 'raw')?.continues).toBe(false);
  });

  test('keeps what it has when the stream breaks, and tries again by itself', async () => {
    const { client, stream, buffer, texts } = await opened();
    stream(1).end(aProblem({ code: 'NODE_UNAVAILABLE', retryable: true }));
    await vi.advanceTimersByTimeAsync(0);
    expect(buffer.snapshot()).toMatchObject({ state: 'lost', problem: { code: 'NODE_UNAVAILABLE' } });
    expect(texts()).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(client.streams.at(-1)?.parameters).toMatchObject({ follow: true, after: 'p:104' });
    expect(buffer.snapshot()).toMatchObject({ state: 'live', problem: undefined });
  });

  test('says while the connection is lost that it is, and no longer when it is back', async () => {
    const { client, buffer } = await opened();
    client.become({ kind: 'lost', since: 0, retryAt: 1, attempt: 1, problem: aProblem({ title: 'Gone' }) });
    expect(buffer.snapshot()).toMatchObject({ state: 'lost', problem: { title: 'Gone' } });
    client.become({ kind: 'connected', since: 1 });
    expect(buffer.snapshot()).toMatchObject({ state: 'live', problem: undefined });
  });

  test('of a node that is not known says so and does not ask again', async () => {
    const client = new FakeClient();
    const buffer = new LogBuffer(client, NODE, { page: 10, most: 30 });
    buffer.subscribe(() => undefined);
    client.streams[0]?.end(aProblem({ code: 'UNKNOWN_NODE', retryable: false }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.streams).toHaveLength(1);
    expect(buffer.snapshot()).toMatchObject({ state: 'lost', problem: { code: 'UNKNOWN_NODE' } });
  });

  test('ends with whoever looks at it, and goes on where it was when somebody does again', async () => {
    const { client, buffer, close } = await opened();
    close();
    expect(client.streams.every(({ closed }, index) => index === 0 || closed)).toBe(true);
    buffer.subscribe(() => undefined);
    expect(client.streams.at(-1)?.parameters).toMatchObject({ follow: true, after: 'p:104' });
  });
});

describe('several logs as one', () => {
  const line = (node: string, time: number, text = ''): LogLine => ({
    node,
    text,
    time,
    position: '',
    level: 'info',
    continues: Number.isNaN(time),
    isMark: false,
  });

  test('stand in the order of their times, each in its own', () => {
    const a = [line('a', 1, 'a1'), line('a', 1, 'a2'), line('a', 5, 'a3')];
    const b = [line('b', Number.NaN, 'b1'), line('b', 2, 'b2'), line('b', 1, 'b3'), line('b', 9, 'b4')];
    expect(merge([a, b, []]).map(({ text }) => text)).toEqual(['b1', 'a1', 'a2', 'b2', 'b3', 'a3', 'b4']);
    expect(merge([])).toEqual([]);
  });

  test('of a hundred thousand lines are merged within a frame or two', () => {
    const logs = Array.from({ length: 13 }, (_, node) =>
      Array.from({ length: 7_700 }, (__, index) => line(String(node), index * 13 + node)),
    );
    const begin = performance.now();
    const merged = merge(logs);
    expect(merged).toHaveLength(100_100);
    expect(merged.every(({ time }, index) => index === 0 || time >= (merged[index - 1]?.time ?? 0))).toBe(
      true,
    );
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});
