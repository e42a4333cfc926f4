/** `npm run bench`: prints start times, memory, throughput and latencies; see `npm run bench -- --help`. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const { status } = spawnSync(process.execPath, [path.join('out', 'bench.cjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
