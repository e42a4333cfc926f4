/**
 * `npm run test:long`: the long runs, repeatable from CITYFLOW_SEED: nodes are killed under load, all end-to-end specs
 * run over a network in containers, and the console is open for two hours. `-- containers` does the second alone,
 * `-- console [MINUTES]` the last; any other word chooses among the first.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const [chosen, minutes = '120', ...rest] = process.argv.slice(2);
if (!(Number(minutes) > 0)) {
  console.error(`"${minutes}" is no number of minutes.`);
  process.exit(2);
}

const modules = (...parts) => path.join('node_modules', ...parts);
const run = (args, env = {}) =>
  spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

const killNodes = (...choice) =>
  run([modules('vitest', 'vitest.mjs'), 'run', '--config', path.join('.ci', 'long.config.mts'), ...choice]);
const runSpecs = (projects, env) =>
  run(
    [
      ...[modules('playwright', 'cli.js'), 'test', ...projects.map((name) => `--project=${name}`)],
      ...['--config', path.join('renderer', 'e2e', 'playwright.config.ts')],
    ],
    env,
  );
const inContainers = () => runSpecs(['containers', 'containers-rest']);
const watchMemory = () => runSpecs(['memory'], { CITYFLOW_MEMORY_MINUTES: minutes });

if (chosen === undefined) process.exit(Math.max(killNodes(), inContainers(), watchMemory()));
if (chosen === 'containers') process.exit(inContainers());
if (chosen === 'console') process.exit(watchMemory());
process.exit(killNodes(...process.argv.slice(2)));
