import type { ConsoleClient } from '../api/client';
import { prepareFolder } from '../adapters/store/home';
import { openLocalCore } from './local-core';
import type { CoreLocation } from './local-core';
import { acquireLock, socketPath } from './lock';
import { networkBusy } from './busy';
import { serveSocket } from './server';

export interface Supervisor {
  /** The supervisor's own session. */
  readonly session: ConsoleClient;
  /** Resolves when the network was taken down by any client. */
  readonly down: Promise<void>;
  close(): Promise<void>;
}

/** Takes the network's lock, opens its core and offers it on the local socket. Throws NETWORK_BUSY. */
export async function startSupervisor(location: CoreLocation): Promise<Supervisor> {
  await prepareFolder(location.folder);
  const lock = await acquireLock(location.folder);
  if ('pid' in lock) throw networkBusy(location, lock.pid);
  try {
    const core = await openLocalCore(location);
    const server = await serveSocket(socketPath(location.folder), (role, user) =>
      core.openSession(role, user),
    );
    return {
      session: core.openSession('admin'),
      down: core.down,
      close: async () => {
        await server.close();
        await core.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
