/**
 * What `npm start` opens: the desktop window where Electron's binary is here, otherwise the browser. Plain JavaScript,
 * because it is decided before anything is built. The `electron` package itself is never loaded for this: its entry
 * downloads the binary as soon as it finds none.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The path of Electron's binary, or why there is none to use.
 *
 * @param {string} root the project's folder
 * @param {NodeJS.ProcessEnv} environment ELECTRON_OVERRIDE_DIST_PATH names a folder with another binary
 * @returns {{ binary: string } | { missing: string }}
 */
export function electronBinary(root, environment) {
  const installed = path.join(root, 'node_modules', 'electron');
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  const named = path.join(installed, 'path.txt');
  if (!override && !existsSync(named)) {
    return { missing: 'Electron’s binary is not installed (`npx install-electron` fetches it)' };
  }
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : 'electron';
  const binary = path.join(override ?? path.join(installed, 'dist'), name);
  return existsSync(binary) ? { binary } : { missing: `there is no ${binary}` };
}

/**
 * @param {{ root: string, args: readonly string[], environment: NodeJS.ProcessEnv, platform: NodeJS.Platform }} start
 * @returns {{ mode: 'desktop', binary: string, args: string[] } | { mode: 'browser', reason: string, args: string[] }}
 */
export function startMode({ root, args, environment, platform }) {
  const rest = args.filter((arg) => arg !== '--browser');
  const browser = (reason) => ({ mode: 'browser', reason, args: rest });
  if (rest.length < args.length) return browser('--browser');
  const found = electronBinary(root, environment);
  if ('missing' in found) return browser(found.missing);
  if (platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
    return browser('there is no display');
  }
  const foreign = rest.find((arg) => arg.startsWith('-') && !DESKTOP_OPTION.test(arg));
  if (foreign) return browser(`the window has no ${foreign}`);
  return { mode: 'desktop', binary: found.binary, args: rest };
}

/** All that the window takes; whatever else is asked for, `cityflow serve` knows or refuses. */
const DESKTOP_OPTION = /^--(no-network$|(network|topology)(=|$))/;

/**
 * The environment of the desktop app: the Node it runs the network's programs with, and nothing that would make
 * Electron's binary behave as Node itself.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} node path of the Node that starts it
 */
export function desktopEnvironment(environment, node) {
  const result = { ...environment, CITYFLOW_NODE: node };
  delete result.ELECTRON_RUN_AS_NODE;
  return result;
}
