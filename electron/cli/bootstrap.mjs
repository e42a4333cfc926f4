/**
 * What stands before every command of a fresh clone: checks Node, installs the packages, builds, then runs.
 * Plain JavaScript without dependencies, because it runs before there are any. Everything it says goes to stderr,
 * so that `--json` stays one document on stdout.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { desktopEnvironment, startMode } from './start-mode.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const at = (...parts) => path.join(root, ...parts);
const [command = 'start', ...rest] = process.argv.slice(2);

const say = (line) => process.stderr.write(`${line}\n`);

requireNode();
await once('install', installedAlready, install);
if (command !== 'test') await once('build', builtAlready, build);

switch (command) {
  case 'start':
    start(rest);
    break;
  case 'cityflow':
    run(rest);
    break;
  case 'test':
  case 'long':
  case 'bench':
  case 'record':
  case 'screenshots':
    runScript(at('.ci', `${command}.mjs`), rest);
    break;
  default:
    say(`bootstrap: unknown command ${command}`);
    process.exit(2);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`Node ${process.versions.node} is too old: CityFlow needs 20.19 or newer.`);
  process.exit(1);
}

/** Two commands at the same time must not install or build into each other: the second waits for the first. */
async function once(name, done, work) {
  if (done()) return;
  const lock = at('.bootstrap-' + name);
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (done()) return;
      if (Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs > 10 * 60_000) {
        rmSync(lock, { recursive: true, force: true });
      }
      await delay(200);
    }
  }
  try {
    if (!done()) work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
}

/** Installing through a link would empty the folder of whoever the packages belong to: that is theirs to do. */
function linkedElsewhere() {
  return lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function installedAlready() {
  if (linkedElsewhere() && existsSync(at('node_modules', '.package-lock.json'))) return true;
  const mark = at('node_modules', '.cityflow-installed');
  return existsSync(mark) && readFileSync(mark, 'utf8') === lockDigest();
}

function install() {
  if (linkedElsewhere()) {
    say(
      `node_modules is a link to ${readlinkSync(at('node_modules'))}, which holds no packages: install them there.`,
    );
    process.exit(1);
  }
  say('Installing packages (once) …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (result.status !== 0) {
    say('The packages could not be installed: see above. Is the npm registry reachable?');
    process.exit(1);
  }
  writeFileSync(at('node_modules', '.cityflow-installed'), lockDigest());
}

/** Newest change among everything that is built. */
function newestSource() {
  let newest = 0;
  const visit = (file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(file)) visit(path.join(file, name));
    }
    newest = Math.max(newest, stat.mtimeMs);
  };
  const built = ['chaincode', 'electron', 'network', 'renderer'];
  for (const name of [...built, 'electron.vite.config.ts', 'esbuild.config.mjs', 'package-lock.json']) {
    visit(at(name));
  }
  return newest;
}

function builtAlready() {
  const mark = at('out', '.built');
  return existsSync(mark) && Number(readFileSync(mark, 'utf8')) >= newestSource();
}

function build() {
  const newest = newestSource();
  say('Building …');
  const result = spawnSync(process.execPath, [at('esbuild.config.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
  writeFileSync(at('out', '.built'), String(newest));
}

/** The console with its network: the desktop window, or the browser, saying why. */
function start(args) {
  const chosen = startMode({ root, args, environment: process.env, platform: process.platform });
  if (chosen.mode === 'browser') {
    say(`The console opens in the browser: ${chosen.reason}.`);
    run(['serve', ...chosen.args]);
    return;
  }
  const env = desktopEnvironment(process.env, process.execPath);
  const window = spawn(chosen.binary, [root, ...chosen.args], { env, stdio: 'inherit' });
  window.once('error', (error) => {
    say(`Electron cannot be started: ${error.message}. \`npm start -- --browser\` does without it.`);
    process.exit(1);
  });
  // Ctrl-C reaches the window too, which may have a question: this process ends with it, not before.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => window.kill('SIGTERM'));
  window.once('exit', (code) => process.exit(code ?? 1));
}

function run(args) {
  process.argv = [process.execPath, at('out', 'cityflow.cjs'), ...args];
  createRequire(import.meta.url)(at('out', 'cityflow.cjs'));
}

function runScript(script, args) {
  const result = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  process.exit(result.status ?? 1);
}
