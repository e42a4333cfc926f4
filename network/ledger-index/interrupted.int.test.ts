import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { ChainFile } from '../testing/chain-file';
import { Random } from '../testing/random';
import { LedgerIndex } from './ledger-index';
import { contentsOf } from './testing/contents';
import { generatedChain, sourceOf } from './testing/small-chain';

const SEED = Number(process.env['CITYFLOW_SEED'] ?? 1);
const root = path.join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'cityflow-interrupted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function program(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, 'testing', 'indexing-program.ts')],
    bundle: true,
    platform: 'node',
    external: ['classic-level'],
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

interface Run {
  /** Height it found when it opened the index. */
  readonly found: number;
  readonly rebuilds: number;
  readonly killed: boolean;
}

/** Indexes in another process, which is killed after it has taken so many blocks. */
async function run(code: string, index: string, chainFile: string, blocks: number): Promise<Run> {
  // Read from stdin, so that packages are looked for here.
  const child = spawn(process.execPath, ['-', index, chainFile], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  child.stdin.end(code);
  let [found, rebuilds, taken] = [0, 0, 0];
  for await (const line of createInterface(child.stdout)) {
    const [word, ...numbers] = line.split(' ');
    if (word === 'opened') [found = 0, rebuilds = 0] = numbers.map(Number);
    else if ((taken += 1) === blocks) child.kill('SIGKILL');
  }
  await ended;
  return { found, rebuilds, killed: child.exitCode !== 0 };
}

test(`an index whose process is killed again and again is the one made in one go (seed ${SEED})`, async () => {
  const chain = await generatedChain(path.join(folder, 'material'), { seed: SEED, transactions: 800 });
  const chainFile = path.join(folder, 'chain');
  await ChainFile.write(chainFile, chain);
  const code = await program();
  const random = new Random(SEED);
  const at = path.join(folder, 'killed');
  const runs: Run[] = [];
  do {
    const blocks = runs.length < 8 ? 3 + random.below(14) : Infinity;
    runs.push(await run(code, at, chainFile, blocks));
  } while (runs.at(-1)?.killed);
  expect(runs.filter(({ killed }) => killed).length).toBeGreaterThan(4);
  expect(runs.every(({ rebuilds }) => rebuilds === 0)).toBe(true);
  // It went on where it had stopped.
  const heights = runs.map(({ found }) => found);
  expect(heights).toEqual([...heights].sort((one, other) => one - other));
  expect(heights.at(-1)).toBeGreaterThan(0);

  const once = await LedgerIndex.open(path.join(folder, 'once'), 'parking-channel');
  await once.follow(sourceOf(chain));
  await once.close();
  expect(await contentsOf(at)).toEqual(await contentsOf(once.folder));
});
