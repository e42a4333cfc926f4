import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogBookmark } from './log-bookmark';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-bookmark-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (nanoseconds: number) => `2026-11-22T10:00:00.${String(nanoseconds).padStart(9, '0')}Z`;
const message = (stamp: string) => ({ stamp, text: '', isWhole: true });

test('all messages of the moments that are asked for again are known, at the beginning of a millisecond too', async () => {
  const file = path.join(folder, 'mark');
  const { bookmark, size } = await LogBookmark.read(file);
  expect([size, bookmark.since]).toEqual([undefined, undefined]);
  // 200 µs apart, over 200 ms.
  const stamps = [...Array(1_000).keys()].map((index) => at(index * 200_000));
  for (const stamp of stamps) expect(bookmark.take(message(stamp))).toBe(true);
  await bookmark.save(77);

  const again = await LogBookmark.read(file);
  expect(again.size).toBe(77);
  const since = Number(again.bookmark.since) * 1000 - Date.parse('2026-11-22T10:00:00Z');
  const repeated = stamps.filter((_stamp, index) => index * 0.2 >= since);
  expect(repeated.length).toBeGreaterThan(200);
  expect(repeated.filter((stamp) => again.bookmark.take(message(stamp)))).toEqual([]);
  expect(again.bookmark.take(message(at(999_000_000)))).toBe(true);
});

test('of two that come in the wrong order none is lost', async () => {
  const { bookmark } = await LogBookmark.read(path.join(folder, 'mark'));
  expect(bookmark.take(message(at(500)))).toBe(true);
  expect(bookmark.take(message(at(400)))).toBe(true);
});

test('parts of one line have one stamp, and all of them are taken', async () => {
  const { bookmark } = await LogBookmark.read(path.join(folder, 'mark'));
  const part = { stamp: at(1), text: 'x', isWhole: false };
  expect([part, part, { ...part, isWhole: true }].map((one) => bookmark.take(one))).toEqual([
    true,
    true,
    true,
  ]);
  expect(bookmark.take(part)).toBe(false);
});
