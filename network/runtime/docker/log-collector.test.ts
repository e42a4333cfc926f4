import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { LogCollector } from './log-collector';

const LINES = 6;

/** As the engine sends it: stream, length, stamp, text. */
function frame(index: number): Buffer {
  const text = Buffer.from(`2026-01-01T00:00:00.00000000${index}Z line ${index}\n`);
  const header = Buffer.alloc(8);
  header.writeUInt8(1, 0);
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, text]);
}

test('a followed log that the engine ends early is read on when its container has ended', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-collector-'));
  const asked: boolean[] = [];
  let running = true;
  const container = {
    inspect: () => Promise.resolve({ Config: { Tty: false }, State: { Running: running } }),
    logs: ({ follow }: { follow: boolean }) => {
      asked.push(follow);
      running = false;
      const all = [...Array(LINES).keys()].map(frame);
      return Promise.resolve(follow ? Readable.from(all.slice(0, 2)) : Buffer.concat(all));
    },
  };
  try {
    const file = path.join(folder, 'node.log');
    const docker = { getContainer: () => container } as unknown as Docker;
    const collector = new LogCollector(docker, 'node', file);
    await collector.start();
    await collector.close();
    expect(asked).toEqual([true, false]);
    expect(await readFile(file, 'utf8')).toBe(
      [...Array(LINES).keys()].map((index) => `line ${index}\n`).join(''),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
