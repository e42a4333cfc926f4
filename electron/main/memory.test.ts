import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ShellMemory } from './memory';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-memory-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (reports: string[] = []) =>
  new ShellMemory(path.join(folder, 'desktop', 'shell.json'), (problem) => reports.push(problem));

test('remembers across starts, and says nothing about a first one', async () => {
  const reports: string[] = [];
  const bounds = { x: 1, y: 2, width: 1000, height: 700 };
  const first = open(reports);
  expect(first.get()).toEqual({ theme: 'system' });
  first.remember({ theme: 'dark' });
  first.remember({ window: { bounds, maximized: true } });
  expect(open(reports).get()).toEqual({
    theme: 'dark',
    window: { bounds, maximized: true },
  });
  expect(reports).toEqual([]);
  expect(await readdir(path.join(folder, 'desktop'))).toEqual(['shell.json']);
});

test.each(['', '{', '[]', '{"theme":"pink"}', '{"window":{"bounds":{"x":0.5},"maximized":1}}'])(
  'a file with %j is said and not used',
  async (content) => {
    open().remember({});
    await writeFile(path.join(folder, 'desktop', 'shell.json'), content);
    const reports: string[] = [];
    expect(open(reports).get()).toEqual({ theme: 'system' });
    expect(reports).toHaveLength(1);
  },
);

test('a place that cannot be written is said; the session goes on with what it knows', async () => {
  await writeFile(path.join(folder, 'desktop'), '');
  const reports: string[] = [];
  const memory = open(reports);
  memory.remember({ theme: 'light' });
  expect(memory.get().theme).toBe('light');
  expect(reports.at(-1)).toContain('cannot remember');
});
