import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const SEED = Number(process.env['CITYFLOW_SEED'] ?? 1);
const bench = path.join(import.meta.dirname, '..', '..', 'out', 'bench-ledger.cjs');

test(
  `a channel of 1,000,000 transactions in 100,000 blocks is indexed and searched within the limits (seed ${SEED})`,
  { timeout: 3_600_000 },
  async () => {
    // It ends with 1 where a limit is missed; which ones it says in what it prints.
    const args = [bench, '1000000', '--seed', String(SEED), '--json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const stdout = await text(child.stdout);
    process.stdout.write(stdout);
    expect(JSON.parse(stdout)).toMatchObject({ missed: [], transactions: 1_000_003 });
  },
);
