/** Builds what electron.vite.config.ts names – the pages into out/renderer – as part of `npm run build`. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeNotices } from './notices.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export function buildRenderer() {
  const { status } = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'error'],
    { cwd: root, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('The pages of the console could not be built: see above.');
  writeNotices(root, path.join(root, 'out/renderer/notices.json'));
}
