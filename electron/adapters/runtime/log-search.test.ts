import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { timeOfLine } from '../../../network/runtime/log/log-time';
import { LogFileSearch } from './log-search';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-logs-'));
  await mkdir(path.join(folder, 'logs'));
  await writeFile(path.join(folder, 'logs', 'peer.log.1'), 'old wanted\nold\n');
  await writeFile(
    path.join(folder, 'logs', 'peer.log'),
    '\u001b[34m2026-11-22 08:45:44.123 UTC 0001 INFO\u001b[0m [x] a -> wanted\nnothing\nlast wanted',
  );
});
afterAll(() => rm(folder, { recursive: true }));

const wanted = (line: string) => line.includes('wanted');
const never = new AbortController().signal;

test('older files come first, colours go, and a last line without its end counts', async () => {
  const found = await new LogFileSearch(folder).search('peer', wanted, 10, never);
  expect(found).toEqual({
    matches: 3,
    lines: [
      { at: null, line: 'old wanted' },
      { at: '2026-11-22T08:45:44.123Z', line: '2026-11-22 08:45:44.123 UTC 0001 INFO [x] a -> wanted' },
      { at: null, line: 'last wanted' },
    ],
  });
});

test('the newest are kept, all are counted', async () => {
  const found = await new LogFileSearch(folder).search('peer', wanted, 1, never);
  expect(found).toMatchObject({ matches: 3, lines: [{ line: 'last wanted' }] });
});

test('a node that never ran has no lines', async () => {
  expect(await new LogFileSearch(folder).search('other', wanted, 1, never)).toEqual({
    matches: 0,
    lines: [],
  });
});

test('a search that is given up ends', async () => {
  const search = new LogFileSearch(folder).search('peer', wanted, 1, AbortSignal.abort());
  await expect(search).rejects.toMatchObject({ name: 'AbortError' });
});

test('times are those of genuine nodes and of contracts', () => {
  expect(timeOfLine('2026-11-22T08:45:44Z info')).toBe('2026-11-22T08:45:44.000Z');
  expect(timeOfLine('no time')).toBeNull();
  expect(timeOfLine('2026-99-22 08:45:44 UTC')).toBeNull();
});
