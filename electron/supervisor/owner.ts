import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleClient } from '../api/client';
import type { ReplyOf, RequestOf } from '../api/operations';
import type { Outcome } from '../api/problems';
import { prepareFolder } from '../adapters/store/home';
import { networkBusy } from './busy';
import { connectAnySupervisor } from './connect';
import { openLocalCore } from './local-core';
import type { CoreLocation } from './local-core';
import { acquireLock } from './lock';

/** How long whoever holds the lock may take to answer, or to go. */
const PATIENCE_MS = 15_000;
const POLL_MS = 50;

/**
 * A client that may stop or delete the network: of its supervisor, else of a core that owns it meanwhile, whatever
 * its topology file says and of whatever build the supervisor is. Waits for a supervisor that is just starting or ending. Throws NETWORK_BUSY where it does
 * neither.
 */
export async function attachOrOwn(location: CoreLocation): Promise<ConsoleClient> {
  return settled(location, async () => (await connectAnySupervisor(location.folder)) ?? own(location));
}

/**
 * Calls with such a client. A supervisor that ends in that moment has not carried it out: the next one, or whoever owns
 * the network then, is asked again. An open console may start one at any time, so nobody waits for there being none.
 */
export async function callOwner<N extends 'network.down' | 'network.belongings' | 'network.purge'>(
  location: CoreLocation,
  operation: N,
): Promise<Outcome<ReplyOf<N>>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const client = await attachOrOwn(location);
    const outcome = await client.call(operation, {} as RequestOf<N>).finally(() => client.close());
    const gone = !outcome.ok && outcome.problem.code === 'NETWORK_NOT_RUNNING';
    if (!gone || Date.now() > deadline) return outcome;
    await delay(POLL_MS);
  }
}

type Attempt = ConsoleClient | { readonly pid: number };

async function settled(location: CoreLocation, attempt: () => Promise<Attempt>): Promise<ConsoleClient> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const outcome = await attempt();
    if (!('pid' in outcome)) return outcome;
    if (Date.now() > deadline) throw networkBusy(location, outcome.pid);
    await delay(POLL_MS);
  }
}

async function own(location: CoreLocation): Promise<Attempt> {
  await prepareFolder(location.folder);
  const lock = await acquireLock(location.folder);
  if ('pid' in lock) return lock;
  try {
    const core = await openLocalCore({ ...location, anyTopology: true, life: 'one command' });
    const session = core.openSession('admin');
    return {
      call: session.call.bind(session),
      subscribe: session.subscribe.bind(session),
      close: async () => {
        await core.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
