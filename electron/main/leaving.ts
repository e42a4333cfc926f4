import type { ConsoleClient } from '../api/client';
import type { Problem } from '../api/problems';
import type { Leaving } from './memory';

/** A network that does not say in time whether it runs is not waited for: leaving it as it is harms nothing. */
const STATUS_MS = 2_000;

/** What leaving asks and shows; the shell does it with native dialogs. */
export interface LeavingDialogs {
  /** `undefined`: stay. */
  ask(
    network: string,
  ): Promise<{ readonly choice: Exclude<Leaving, 'ask'>; readonly remember: boolean } | undefined>;
  /** The network is being stopped: it takes seconds. */
  stopping(network: string): void;
  /** True: leave nevertheless. */
  stopFailed(problem: Problem): Promise<boolean>;
}

export interface LeavingMemory {
  leaving(): Leaving;
  remember(leaving: Leaving): void;
}

/**
 * Before the console is left: a network that runs is left running or stopped, as answered once and remembered. A
 * supervisor that runs nothing and does nothing ends too. Where there is none, or none that answers, nothing is asked.
 *
 * @param attach a client of the supervisor there is; it must not start one
 * @returns whether to leave
 */
export async function mayLeave(
  attach: () => Promise<ConsoleClient | undefined>,
  memory: LeavingMemory,
  dialogs: LeavingDialogs,
): Promise<boolean> {
  const client = await attach().catch(() => undefined);
  if (!client) return true;
  try {
    return await leave(client, memory, dialogs);
  } finally {
    await client.close();
  }
}

async function leave(
  client: ConsoleClient,
  memory: LeavingMemory,
  dialogs: LeavingDialogs,
): Promise<boolean> {
  const soon = { signal: AbortSignal.timeout(STATUS_MS) };
  const [status, tasks] = await Promise.all([
    client.call('network.status', {}, soon),
    client.call('task.list', {}, soon),
  ]);
  if (!status.ok || !tasks.ok) return true;
  const busy = tasks.value.some((task) => task.state === 'running');
  if (status.value.state === 'stopped' && !busy) {
    // Nothing runs and nobody waits for anything: this ends the supervisor.
    await client.call('network.down', {}, soon);
    return true;
  }
  const { network } = status.value;
  const answer =
    memory.leaving() === 'ask' ? await dialogs.ask(network) : { choice: memory.leaving(), remember: false };
  if (!answer) return false;
  if (answer.remember) memory.remember(answer.choice);
  if (answer.choice !== 'stop') return true;
  dialogs.stopping(network);
  const stopped = await client.call('network.down', {});
  return stopped.ok || dialogs.stopFailed(stopped.problem);
}
