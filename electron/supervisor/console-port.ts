import path from 'node:path';
import { LocalNetwork } from '../adapters/runtime/local-network';
import { portHolder } from '../adapters/runtime/problems';
import { acquireFileLock, liveHolderOf } from '../adapters/store/file-lock';
import { homeOfNetwork, prepareFolder } from '../adapters/store/home';
import { problem } from '../core/problem';
import type { ProblemError } from '../core/problem';
import type { CoreLocation } from './local-core';

/** The port on which the topology wants browser mode. Throws TOPOLOGY_INVALID. */
export async function consolePort(location: CoreLocation): Promise<number> {
  const { topology } = await LocalNetwork.open(location);
  return topology.console.port;
}

const consolesFolder = (location: CoreLocation) => path.join(homeOfNetwork(location.folder), 'consoles');

/** Says to other consoles of the home that this process serves the port, until the answer is called. */
export async function announceConsole(location: CoreLocation, port: number): Promise<() => Promise<void>> {
  const folder = consolesFolder(location);
  await prepareFolder(folder);
  const announced = await acquireFileLock(path.join(folder, `${port}.lock`), { network: location.network });
  return () => ('release' in announced ? announced.release() : Promise.resolve());
}

/** Who has the port on which a console was to be served, and what to do then. */
export async function consolePortTaken(location: CoreLocation, port: number): Promise<ProblemError> {
  const another = `\`cityflow serve --port ${port + 1}\` opens another one beside it.`;
  const console = await liveHolderOf(path.join(consolesFolder(location), `${port}.lock`));
  if (console) {
    return problem('PORT_TAKEN', {
      title: `The console of ${console.network ?? 'this home'} runs on port ${port} already.`,
      detail: `Process ${console.pid} serves it.`,
      hint: `Go on in its browser window, or press Enter where it was started for a new link; ${another}`,
    });
  }
  return problem('PORT_TAKEN', {
    title: `Port ${port} is taken.`,
    detail: await portHolder(port),
    hint: `Stop that process, or choose another port: \`cityflow serve --port ${port + 1}\`.`,
  });
}
