import type { ConsoleClient } from '../api/client';
import { prepareFolder } from '../adapters/store/home';
import { problem } from '../core/problem';
import { openLocalCore } from './local-core';
import type { CoreLocation } from './local-core';
import { acquireLock, socketPath } from './lock';
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
  if ('pid' in lock) {
    throw problem('NETWORK_BUSY', {
      title: `The network ${location.network} is run by another process.`,
      detail: `Process ${lock.pid} holds ${location.folder}.`,
      hint: 'Wait until it is ready and run the command again, or stop it with `cityflow down`.',
      retryable: true,
    });
  }
  try {
    const core = await openLocalCore(location);
    const server = await serveSocket(socketPath(location.folder), () => core.openSession('admin'));
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
