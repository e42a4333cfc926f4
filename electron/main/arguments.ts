import path from 'node:path';
import { parseArgs } from 'node:util';

export interface DesktopArguments {
  readonly network: string;
  readonly topologyFile: string | undefined;
  /** Whether the network is started with the console. */
  readonly start: boolean;
}

/**
 * What the desktop app was started with. Chromium's and Electron's own switches stand among them, so unknown ones are
 * nobody's mistake here; `npm start` hands over no other of the user's (start-mode.mjs).
 */
export function desktopArguments(argv: readonly string[], workingFolder: string): DesktopArguments {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    options: {
      network: { type: 'string' },
      topology: { type: 'string' },
      'no-network': { type: 'boolean' },
    },
  });
  return {
    network: typeof values.network === 'string' ? values.network : 'cityflow',
    topologyFile:
      typeof values.topology === 'string' ? path.resolve(workingFolder, values.topology) : undefined,
    start: values['no-network'] !== true,
  };
}
