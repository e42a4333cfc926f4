import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { electronBinary } from '../../../electron/cli/start-mode.mjs';

export const root = path.resolve(__dirname, '../../..');

export type Shell = 'browser' | 'desktop';

/** Where a shell's program is, or why the specs cannot run in that shell here. */
export type Program = { readonly path: string } | { readonly missing: string };

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const places = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The system's own Chromium: nothing is downloaded for a test. */
function chromium(): Program {
  const named = process.env['CITYFLOW_CHROMIUM'];
  if (named !== undefined && named !== '') {
    return mayExecute(named)
      ? { path: named }
      : { missing: `CITYFLOW_CHROMIUM names ${named}, which cannot be executed` };
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  const candidates = names.flatMap((name) =>
    ['/usr/bin', ...folders].map((folder) => path.join(folder, name)),
  );
  const found = [...candidates, ...places].find(mayExecute);
  return found === undefined
    ? { missing: 'Chromium is not here: install it, or name it in CITYFLOW_CHROMIUM' }
    : { path: found };
}

/** Looked for without loading the `electron` package, whose entry downloads the binary where it finds none. */
function electron(): Program {
  const found = electronBinary(root, process.env);
  if ('missing' in found) return { missing: "Electron's binary is not here" };
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return { missing: 'Electron’s window needs a display, and there is none' };
  }
  return { path: found.binary };
}

const programs = { browser: chromium(), desktop: electron() } as const;

export const programOf = (shell: Shell): Program => programs[shell];

/** @throws Error where the shell is not here; specs are skipped before they ask */
export function executableOf(shell: Shell): string {
  const program = programOf(shell);
  if ('missing' in program) throw new Error(program.missing);
  return program.path;
}

/** Nothing that talks to anybody but the console; only root has to do without Chromium's sandbox. */
export const chromiumArguments: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Letters stand where they were designed to stand, whatever the machine's own fonts are set to.
  '--font-render-hinting=none',
];

function mayExecute(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
