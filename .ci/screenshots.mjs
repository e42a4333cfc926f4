/** `npm run screenshots [-- FOLDER]`: every view in both sizes and themes, over a network with traffic of its own. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const [folder = 'screenshots'] = process.argv.slice(2);
const config = path.join('renderer', 'e2e', 'playwright.config.ts');
const { status } = spawnSync(
  process.execPath,
  [path.join('node_modules', 'playwright', 'cli.js'), 'test', '--project=screenshots', '--config', config],
  { stdio: 'inherit', env: { ...process.env, CITYFLOW_SCREENSHOTS: path.resolve(folder) } },
);
process.exit(status ?? 1);
