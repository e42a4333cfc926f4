import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { problem } from '../core/problem';

/** Set by `npm start`: the Node that runs it runs the network's programs too. */
export const NODE_VARIABLE = 'CITYFLOW_NODE';

export interface Installation {
  readonly packaged: boolean;
  /** Electron's resources folder. */
  readonly resources: string;
  /** The folder with package.json. */
  readonly app: string;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The folder with the programs that run as processes of their own. In a packaged app they lie beside the archive:
 * another process can't read what is inside.
 */
export const programsFolder = ({ packaged, resources, app }: Installation): string =>
  packaged ? path.join(resources, 'cityflow', 'out') : path.join(app, 'out');

/**
 * The Node that runs the supervisor and, through it, the embedded nodes and contracts. Never Electron's own binary as
 * Node: the fuse for that is off, its TLS is another library than the one these programs are tested with, and they
 * outlive the window. A packaged app brings a Node along; in development `npm start` hands its own over.
 *
 * @throws ProblemError RUNTIME_UNAVAILABLE where there is none
 */
export function nodeProgram(installation: Installation): string {
  const { packaged, resources, platform, environment } = installation;
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const file = packaged ? path.join(resources, 'cityflow', 'bin', name) : environment[NODE_VARIABLE];
  if (file !== undefined && mayExecute(file)) return file;
  throw problem('RUNTIME_UNAVAILABLE', {
    title: 'There is no Node to run the network with.',
    detail: file === undefined ? `${NODE_VARIABLE} is not set.` : `${file} cannot be executed.`,
    hint: packaged
      ? 'Install the console again.'
      : `Start it with \`npm start\`, or set ${NODE_VARIABLE} to the path of a Node 20.19 or newer.`,
  });
}

function mayExecute(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
