import type { ConsoleClient } from '../api/client';
import type { Problem } from '../api/problems';
import type { Settings } from '../api/settings';

type Choice = Exclude<Settings['onClose'], 'ask'>;

/** A network that does not say in time whether it runs is not waited for: leaving it as it is harms nothing. */
const STATUS_MS = 2_000;

/** What leaving asks and shows; the shell does it with native dialogs. */
export interface LeavingDialogs {
  /** `undefined`: stay. */
  ask(network: string): Promise<{ readonly choice: Choice; readonly remember: boolean } | undefined>;
  /** The network is being stopped: it takes seconds. */
  stopping(network: string): void;
  /** True: leave nevertheless. */
  stopFailed(problem: Problem): Promise<boolean>;
}

/**
 * Before the console is left: a network that runs is left running or stopped, as answered once and remembered among
 * the settings of all consoles. A supervisor that runs nothing and does nothing ends too. Where there is none, or none that answers, nothing is asked.
 *
 * @param attach a client of the supervisor there is; it must not start one
 * @returns whether to leave
 */
export async function mayLeave(
  attach: () => Promise<ConsoleClient | undefined>,
  dialogs: LeavingDialogs,
  log: (line: string) => void,
): Promise<boolean> {
  const client = await attach().catch(() => undefined);
  if (!client) return true;
  try {
    return await leave(client, dialogs, log);
  } finally {
    await client.close();
  }
}

async function leave(
  client: ConsoleClient,
  dialogs: LeavingDialogs,
  log: (line: string) => void,
): Promise<boolean> {
  const soon = { signal: AbortSignal.timeout(STATUS_MS) };
  const [status, tasks, settings] = await Promise.all([
    client.call('network.status', {}, soon),
    client.call('task.list', {}, soon),
    client.call('settings.get', {}, soon),
  ]);
  if (!status.ok || !tasks.ok) return true;
  const busy = tasks.value.some((task) => task.state === 'running');
  if (status.value.state === 'stopped' && !busy) {
    // Nothing runs and nobody waits for anything: this ends the supervisor.
    await client.call('network.down', {}, soon);
    return true;
  }
  const { network } = status.value;
  const onClose = settings.ok ? settings.value.onClose : 'ask';
  const answer = onClose === 'ask' ? await dialogs.ask(network) : { choice: onClose, remember: false };
  if (!answer) return false;
  if (answer.remember) {
    const kept = await client.call('settings.set', { onClose: answer.choice });
    if (!kept.ok) log(`the answer is not remembered: ${kept.problem.title} ${kept.problem.detail}`);
  }
  if (answer.choice !== 'stop') return true;
  dialogs.stopping(network);
  const stopped = await client.call('network.down', {});
  return stopped.ok || dialogs.stopFailed(stopped.problem);
}
