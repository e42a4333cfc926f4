/**
 * `npm run bench`: prints start times, memory, throughput and latencies; see `npm run bench -- --help`. `-- console`
 * measures the console instead, in the browser: time to the first view, its weight, frames under load, idle time.
 * `-- ledger [TRANSACTIONS]` indexes a generated channel and searches it.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const [chosen, ...rest] = process.argv.slice(2);
const config = path.join('renderer', 'e2e', 'playwright.config.ts');
const playwright = [path.join('node_modules', 'playwright', 'cli.js'), 'test', '--project=bench'];
const args = {
  console: [...playwright, '--config', config, ...rest],
  ledger: [path.join('out', 'bench-ledger.cjs'), ...rest],
};
const { status } = spawnSync(
  process.execPath,
  args[chosen] ?? [path.join('out', 'bench.cjs'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
