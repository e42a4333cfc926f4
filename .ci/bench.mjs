/**
 * `npm run bench`: prints start times, memory, throughput and latencies; see `npm run bench -- --help`. `-- console`
 * measures the console instead, in the browser: time to the first view, its weight, frames under load, idle time.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const [chosen, ...rest] = process.argv.slice(2);
const config = path.join('renderer', 'e2e', 'playwright.config.ts');
const { status } = spawnSync(
  process.execPath,
  chosen === 'console'
    ? [
        path.join('node_modules', 'playwright', 'cli.js'),
        'test',
        '--project=bench',
        '--config',
        config,
        ...rest,
      ]
    : [path.join('out', 'bench.cjs'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
