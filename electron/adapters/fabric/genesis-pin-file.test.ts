import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GenesisPinFile } from './genesis-pin-file';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-pins-'));
  file = path.join(folder, 'trust-anchors.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hash = (byte: number) => new Uint8Array(32).fill(byte);

test('hashes of blocks 0 are remembered for each channel, over the end of the console', async () => {
  const pins = new GenesisPinFile(file);
  expect(await pins.get('one')).toBeUndefined();
  await pins.pin('one', hash(1));
  await pins.pin('two', hash(2));
  const later = new GenesisPinFile(file);
  expect(Buffer.from((await later.get('one')) ?? [])).toEqual(Buffer.from(hash(1)));
  expect(Buffer.from((await later.get('two')) ?? [])).toEqual(Buffer.from(hash(2)));
});

test('a damaged file is told and never replaced: what it held was trusted', async () => {
  await writeFile(file, '{"one": "no hash"}');
  const pins = new GenesisPinFile(file);
  await expect(pins.get('one')).rejects.toThrow(file);
  await expect(pins.pin('two', hash(2))).rejects.toThrow(file);
  expect(await readFile(file, 'utf8')).toBe('{"one": "no hash"}');
});
