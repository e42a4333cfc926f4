import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

  it('is empty before the node was ever started', async () => {
    expect(await log.tail(5)).toEqual([]);
  });

  it('finds last lines across many blocks of the file', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'ä'.repeat(40)}`);
    await writeFile(log.file, `${lines.join('\n')}\n`);
    expect(await log.tail(1500)).toEqual(lines.slice(-1500));
  });

  it('tells only of the lines since an offset', async () => {
    await writeFile(log.file, 'of an earlier run\n');
    const offset = await log.size();
    await appendFile(log.file, 'of this run\n');
    expect(await log.tail(10, offset)).toEqual(['of this run']);
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
