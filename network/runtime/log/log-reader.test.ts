import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFile } from './log-file';
import { LogReader } from './log-reader';
import type { LogLine, LogRange } from './log-reader';
import { LONGEST_LINE_BYTES } from './log-segments';

let folder = '';
let log = new LogFile('');
let stop = new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'log-reader-'));
  log = new LogFile(path.join(folder, 'node.log'));
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  for (const lines of followed.splice(0)) await lines.return(undefined);
  await rm(folder, { recursive: true, force: true });
});

const read = async (range: LogRange = {}): Promise<LogLine[]> => {
  const lines: LogLine[] = [];
  for await (const line of new LogReader(log.file).lines(range)) lines.push(line);
  return lines;
};
const texts = async (range: LogRange = {}) => (await read(range)).map(({ line }) => line);

const followed: AsyncGenerator<LogLine>[] = [];

/** A reader that follows, one line at a time. */
function following(range: LogRange = {}) {
  const lines = new LogReader(log.file).lines({ ...range, follow: true, signal: stop.signal });
  followed.push(lines);
  return async (): Promise<LogLine> => {
    const { value } = (await lines.next()) as { value: LogLine | undefined };
    if (!value) throw new Error('the log ended');
    return value;
  };
}

const write = (...lines: string[]) => appendFile(log.file, lines.map((line) => `${line}\n`).join(''));
const rotate = () => log.rotateIfLarge(1);

describe('what is kept', () => {
  it('is nothing before the node was ever started', async () => {
    expect(await read()).toEqual([]);
    expect(await read({ tail: 5 })).toEqual([]);
  });

  it('is given whole or from its last lines on, with a last line that is not ended yet', async () => {
    await write('one', 'two', 'three');
    expect(await texts()).toEqual(['one', 'two', 'three']);
    expect(await texts({ tail: 2 })).toEqual(['two', 'three']);
    expect(await texts({ tail: 0 })).toEqual([]);
    expect(await texts({ limit: 1 })).toEqual(['one']);
    await appendFile(log.file, 'fo');
    expect(await texts({ tail: 1 })).toEqual(['three', 'fo']);
  });

  it('goes on in the older files', async () => {
    for (const line of ['a', 'b', 'c']) {
      await write(`${line}1`, `${line}2`);
      if (line !== 'c') await rotate();
    }
    expect(await texts()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
    expect(await texts({ tail: 3 })).toEqual(['b2', 'c1', 'c2']);
  });

  it('is read before and after any line', async () => {
    await write('a1', 'a2');
    await rotate();
    await write('b1', 'b2');
    const [, a2, b1] = await read();
    expect(await texts({ before: b1?.position, tail: 1 })).toEqual(['a2']);
    expect(await texts({ before: a2?.position })).toEqual(['a1']);
    expect(await texts({ after: a2?.position })).toEqual(['b1', 'b2']);
    expect(await texts({ after: a2?.position, limit: 1 })).toEqual(['b1']);
  });

  it('is found by time', async () => {
    const at = (second: number) =>
      `2026-11-22 08:00:${String(second).padStart(2, '0')}.000 UTC 0001 INFO [x] f -> s`;
    await write(at(1), '  more of it', at(2));
    await rotate();
    await write(at(5), at(9));
    const wanted = (seconds: string) => texts({ at: `2026-11-22T08:00:${seconds}Z`, tail: 1 });
    expect(await wanted('02.000')).toEqual(['  more of it', at(2), at(5), at(9)]);
    expect(await wanted('03.000')).toEqual([at(2), at(5), at(9)]);
    expect(await wanted('59.000')).toEqual([at(9)]);
  });

  it('is found by time in a large file without reading all of it wrongly', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, index) => `${new Date(1_700_000_000_000 + index * 1000).toISOString()} INFO line ${index}`,
    );
    await writeFile(log.file, `${lines.join('\n')}\n`);
    for (const index of [0, 1, 9_999, 19_998]) {
      const at = new Date(1_700_000_000_000 + index * 1000 - 1).toISOString();
      expect(await texts({ at, tail: 0, limit: 1 })).toEqual([lines[index]]);
    }
  });

  it('is cut where a line has no end, and holds no character cut in two', async () => {
    const long = 'ä'.repeat(LONGEST_LINE_BYTES);
    await write(long, 'next');
    const [cut, next] = await texts();
    expect(cut).toBe(`${'ä'.repeat(LONGEST_LINE_BYTES / 2)} … (${LONGEST_LINE_BYTES} more bytes)`);
    expect(next).toBe('next');
  });

  it('is text whatever stands in the file', async () => {
    await writeFile(log.file, Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0xc3, 0x0a]));
    expect(await texts()).toEqual(['\ufffd\ufffd\u0000', '\ufffd']);
  });

  it('says why it cannot be read', async () => {
    await expect(texts({})).resolves.toEqual([]);
    log = new LogFile(folder);
    await expect(texts({})).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('a log that is followed', () => {
  it('is given as it is written, whole lines and whole characters', async () => {
    await write('before');
    const next = following({ tail: 1 });
    expect((await next()).line).toBe('before');
    const coming = next();
    const bytes = Buffer.from('Prüfung\n');
    await appendFile(log.file, bytes.subarray(0, 3));
    await appendFile(log.file, bytes.subarray(3));
    expect((await coming).line).toBe('Prüfung');
  });

  it('is waited for where it is not there yet', async () => {
    const coming = following()();
    await write('first');
    expect(await coming).toMatchObject({ line: 'first' });
  });

  it('loses nothing when it is rotated, however long the reader waited', async () => {
    await write('a1', 'a2');
    const next = following({ tail: 1 });
    await next();
    await write('a3');
    await rotate();
    await write('b1');
    await rotate();
    await write('c1');
    expect([await next(), await next(), await next()].map(({ line, gap }) => [line, gap])).toEqual([
      ['a3', undefined],
      ['b1', undefined],
      ['c1', undefined],
    ]);
  });

  it('says so where it began anew', async () => {
    await write('of the old network');
    const next = following();
    await next();
    await rm(log.file);
    await write('of the new one', 'more');
    expect(await next()).toMatchObject({ line: 'of the new one', gap: 'began anew' });
    expect(await next()).not.toHaveProperty('gap');
  });

  it('goes on where it stopped, by whoever reads it', async () => {
    await write('a1', 'a2', 'a3');
    const [, a2] = await read();
    await rotate();
    await write('b1');
    const next = following({ after: a2?.position, tail: 100 });
    expect([await next(), await next()].map(({ line, gap }) => [line, gap])).toEqual([
      ['a3', undefined],
      ['b1', undefined],
    ]);
  });

  it('says that lines are missing where the one it stopped at is no longer kept', async () => {
    await write('a1');
    const [a1] = await read();
    for (const line of ['b1', 'c1', 'd1']) {
      await rotate();
      await write(line);
    }
    const next = following({ after: a1?.position, tail: 2 });
    expect(await next()).toMatchObject({ line: 'c1', gap: 'missing' });
    expect(await next()).not.toHaveProperty('gap');
  });

  it.each(['', 'x', 'x:y', ':::', 'x:-1'])('takes %j for a position it never gave', async (after) => {
    await write('a1');
    expect(await read({ after, tail: 1 })).toMatchObject([{ line: 'a1', gap: 'missing' }]);
    expect(await read({ before: after })).toEqual([]);
  });
});
