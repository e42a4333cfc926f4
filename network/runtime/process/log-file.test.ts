import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFile } from './log-file';

describe('log of a node', () => {
  let folder: string;
  let log: LogFile;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'log-file-'));
    log = new LogFile(path.join(folder, 'node.log'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function collect(lines: AsyncIterable<string>): Promise<string[]> {
    const collected: string[] = [];
    for await (const line of lines) collected.push(line);
    return collected;
  }

  it('is empty before the node was ever started', async () => {
    expect(await collect(log.lines())).toEqual([]);
    expect(await log.tail(5)).toEqual([]);
  });

  it('gives the last lines, oldest first', async () => {
    await writeFile(log.file, 'one\ntwo\nthree\n');
    expect(await collect(log.lines({ tail: 2 }))).toEqual(['two', 'three']);
    expect(await collect(log.lines({ tail: 0 }))).toEqual([]);
    expect(await collect(log.lines())).toEqual(['one', 'two', 'three']);
  });

  it('finds last lines across many blocks of the file', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'ä'.repeat(40)}`);
    await writeFile(log.file, `${lines.join('\n')}\n`);
    expect(await log.tail(1500)).toEqual(lines.slice(-1500));
  });

  it('shows a last line that is not ended yet', async () => {
    await writeFile(log.file, 'one\ntwo');
    expect(await collect(log.lines())).toEqual(['one', 'two']);
  });

  it('tells only of the lines since an offset', async () => {
    await writeFile(log.file, 'of an earlier run\n');
    const offset = await log.size();
    await appendFile(log.file, 'of this run\n');
    expect(await log.tail(10, offset)).toEqual(['of this run']);
  });

  it('follows what is written, whole lines and whole characters', async () => {
    await writeFile(log.file, 'before\n');
    const stop = new AbortController();
    const lines = log.lines({ follow: true, signal: stop.signal });
    expect((await lines.next()).value).toBe('before');
    const next = lines.next();
    const bytes = Buffer.from('Prüfung\n');
    await appendFile(log.file, bytes.subarray(0, 3));
    await appendFile(log.file, bytes.subarray(3));
    expect((await next).value).toBe('Prüfung');
    stop.abort();
    expect((await lines.next()).done).toBe(true);
  });

  it('goes on with the new file after a rotation', async () => {
    await writeFile(log.file, 'before the rotation\n');
    const stop = new AbortController();
    const lines = log.lines({ follow: true, signal: stop.signal });
    await lines.next();
    const next = lines.next();
    await truncate(log.file, 0);
    await appendFile(log.file, 'after\n');
    expect((await next).value).toBe('after');
    stop.abort();
  });

  it('moves a large log aside and keeps two older ones', async () => {
    for (const text of ['first', 'second', 'third']) {
      await writeFile(log.file, text);
      await log.rotateIfLarge(3);
      expect(await log.size()).toBe(0);
    }
    expect(await readFile(`${log.file}.1`, 'utf8')).toBe('third');
    expect(await readFile(`${log.file}.2`, 'utf8')).toBe('second');
  });

  it('leaves a small log alone', async () => {
    await writeFile(log.file, 'small');
    await log.rotateIfLarge(1000);
    expect(await readFile(log.file, 'utf8')).toBe('small');
  });
});
