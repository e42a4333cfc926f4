import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlockFile, BlockFileCorruption } from './block-file';
import { redirectLogging } from './logging';

let folder: string;
let lines: string[];
let restore: () => void;

const file = (): string => path.join(folder, 'blocks.dat');
const block = (text: string): Buffer => Buffer.from(text.repeat(100));

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'block-file-'));
  lines = [];
  restore = redirectLogging((line) => lines.push(line));
});

afterEach(async () => {
  restore();
  await rm(folder, { recursive: true });
});

async function write(...texts: string[]): Promise<void> {
  const blocks = await BlockFile.open(folder);
  await Promise.all(texts.map((text) => blocks.append(block(text))));
  await blocks.close();
}

describe('a block file', () => {
  it('gives back what was appended, also after reopening', async () => {
    await write('a', 'b', 'c');
    const blocks = await BlockFile.open(folder);
    expect(blocks.height).toBe(3);
    expect(await blocks.read(1)).toEqual(block('b'));
    expect(await blocks.read(3)).toBeUndefined();
    expect(await blocks.append(block('d'))).toBe(3);
    expect(await blocks.read(3)).toEqual(block('d'));
    await blocks.close();
  });

  it('numbers from the first block of a ledger that began with a snapshot', async () => {
    const blocks = await BlockFile.open(folder, { firstNumber: 7 });
    expect(await blocks.append(block('h'))).toBe(7);
    expect(blocks.height).toBe(8);
    expect(await blocks.read(7)).toEqual(block('h'));
    expect(await blocks.read(6)).toBeUndefined();
    await blocks.close();
    const again = await BlockFile.open(folder, { firstNumber: 7 });
    expect(again.height).toBe(8);
    await again.close();
  });

  it('shows each block in order while opening', async () => {
    await write('a', 'b');
    const seen: [number, string][] = [];
    const blocks = await BlockFile.open(folder, {
      onBlock: (n, bytes) => void seen.push([n, bytes.toString()]),
    });
    expect(seen).toEqual([
      [0, block('a').toString()],
      [1, block('b').toString()],
    ]);
    await blocks.close();
  });

  it.each([1, 19, 21, 119])(
    'removes a record of which only %i bytes were written, with a warning',
    async (kept) => {
      await write('a', 'b');
      const intact = (await readFile(file())).length;
      await write('c');
      await truncate(file(), intact + kept);
      const blocks = await BlockFile.open(folder);
      expect(blocks.height).toBe(2);
      expect(lines.join('')).toMatch(/WARN .*incomplete block .* block=2/);
      await blocks.append(block('d'));
      expect(await blocks.read(2)).toEqual(block('d'));
      await blocks.close();
    },
  );

  it('tells that blocks which had been acknowledged are missing', async () => {
    await write('a', 'b', 'c');
    await truncate(file(), (await readFile(file())).length - 10);
    const blocks = await BlockFile.open(folder);
    expect(blocks.height).toBe(2);
    expect(blocks.acknowledgedHeight).toBe(3);
    await blocks.close();
  });

  it('removes zeros that a power failure left at the end', async () => {
    await write('a');
    const bytes = await readFile(file());
    await writeFile(file(), Buffer.concat([bytes, Buffer.alloc(500)]));
    const blocks = await BlockFile.open(folder);
    expect(blocks.height).toBe(1);
    await blocks.close();
    expect((await readFile(file())).length).toBe(bytes.length);
  });

  it.each([
    ['a byte of a block', 1 * 120 + 60],
    ['the length in a header', 1 * 120 + 8],
    ['the start of a record', 1 * 120],
  ])('refuses damage in the middle: %s', async (_what, offset) => {
    await write('a', 'b', 'c');
    const bytes = await readFile(file());
    bytes.writeUInt8(bytes.readUInt8(offset) ^ 0xff, offset);
    await writeFile(file(), bytes);
    const failure = await BlockFile.open(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BlockFileCorruption);
    expect(failure).toMatchObject({ blockNumber: 1, offset: 120 });
    expect((failure as Error).message).toContain('damaged at block 1 (byte offset 120)');
    expect(await readFile(file())).toEqual(bytes);
  });

  it('says what to do when its folder is a file', async () => {
    await writeFile(path.join(folder, 'taken'), '');
    await expect(BlockFile.open(path.join(folder, 'taken'))).rejects.toThrow(/cannot write to .*blocks\.dat/);
  });

  it('refuses appends once closed', async () => {
    const blocks = await BlockFile.open(folder);
    await blocks.close();
    await expect(blocks.append(block('a'))).rejects.toThrow('is closed');
  });
});
