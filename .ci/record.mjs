/** `npm run record`: answers of a genuine network for the views' tests, written to renderer/testing/recorded. */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { wireDigest } from '../electron/wire-digest.mjs';

const program = path.join('out', 'testing', 'record.cjs');
await build({
  entryPoints: [path.join('electron', 'testing', 'recorder', 'main.ts')],
  outfile: program,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  define: { __WIRE_DIGEST__: JSON.stringify(wireDigest(process.cwd())) },
});
const { status } = spawnSync(
  process.execPath,
  [program, process.cwd(), path.join('renderer', 'testing', 'recorded')],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
