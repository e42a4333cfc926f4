import { expect, test } from 'vitest';
import { localEngine } from './testing/engine';
import { followNumberedLines } from './testing/numbered-lines';

const CONTAINERS = 9;
const LINES = Math.ceil(Number(process.env['CITYFLOW_LINES'] ?? 1_000_000) / CONTAINERS);

test(
  `${LINES * CONTAINERS} lines of nine containers reach whoever follows them, each once and whole`,
  { timeout: 3_600_000 },
  async () => {
    const started = performance.now();
    const followed = await followNumberedLines(await localEngine(), {
      containers: CONTAINERS,
      lines: LINES,
      interruptions: 5,
    });
    process.stdout.write(
      `${LINES * CONTAINERS} lines in ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
    );
    expect(followed).toEqual(Array(CONTAINERS).fill({ read: LINES, faults: [] }));
  },
);
