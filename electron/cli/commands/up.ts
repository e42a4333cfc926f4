import { stat } from 'node:fs/promises';
import readline from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleClient } from '../../api/client';
import type { RuntimeName } from '../../api/models';
import { toProblem } from '../../core/problem';
import { connectSupervisor } from '../../supervisor/connect';
import { attachOrStart } from '../../supervisor/launch';
import type { Supervisor } from '../../supervisor/supervisor';
import { CommandFailed, unwrap } from '../invocation';
import type { Invocation } from '../invocation';
import { networkSummary } from '../network-summary';
import { followTask, seconds } from '../task-progress';

export interface UpRequest {
  readonly runtime: RuntimeName | undefined;
  readonly native: readonly string[];
  readonly detach: boolean;
}

/** How long a supervisor that is starting or ending is waited for. */
const PATIENCE_MS = 15_000;
const POLL_MS = 50;
/** Ctrl-C before the network was ready: what was asked for was not done. */
const EXIT_INTERRUPTED = 1;

/** What was asked of a supervisor was not even begun. */
class NotBegun extends CommandFailed {
  /** It was just ending: the next one can be asked. */
  get isForNext(): boolean {
    return ['SUPERVISOR_ENDING', 'NETWORK_NOT_RUNNING'].includes(this.problem.code);
  }
}

/** Starts the network, in the foreground until Ctrl-C or, detached, until it is ready. */
export async function up(invocation: Invocation, request: UpRequest): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await (request.detach ? upDetached : upForeground)(invocation, request);
      return;
    } catch (error) {
      if (!(error instanceof NotBegun) || !error.isForNext || Date.now() > deadline) throw error;
    }
    await delay(POLL_MS);
  }
}

/** Somebody else runs the network: asks them, and leaves it to them whatever comes of it. */
async function upAttached(invocation: Invocation, client: ConsoleClient, request: UpRequest): Promise<void> {
  invocation.output.note(
    `The network ${invocation.location.network} is run by another process already: asking it.`,
  );
  try {
    await bringUp(invocation, client, request);
  } finally {
    await client.close();
  }
}

async function upForeground(invocation: Invocation, request: UpRequest): Promise<void> {
  const supervisor = await attachOrBecome(invocation.location);
  if (!('down' in supervisor)) {
    await upAttached(invocation, supervisor, request);
    return;
  }
  const interrupted = new AbortController();
  let presses = 0;
  const interrupt = () => {
    presses += 1;
    if (presses === 1) interrupted.abort();
    if (presses === 2)
      invocation.output.note('Still stopping; the nodes are writing what they hold to disk.');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // The terminal was closed.
  process.on('SIGHUP', interrupt);
  let ready = false;
  try {
    await bringUp(invocation, supervisor.session, request, interrupted.signal);
    ready = true;
    invocation.output.note('Ctrl-C stops it; its data stays.');
    await Promise.race([supervisor.down, aborted(interrupted.signal)]);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
  } finally {
    await stopForeground(invocation, supervisor);
  }
  if (!ready) process.exitCode = EXIT_INTERRUPTED;
}

async function stopForeground(invocation: Invocation, supervisor: Supervisor): Promise<void> {
  invocation.output.note('\nStopping the network …');
  const outcome = await supervisor.session.call('network.down', {});
  await supervisor.close();
  if (!outcome.ok) invocation.output.problem(outcome.problem);
  else if (outcome.value.stopped > 0) {
    invocation.output.note(`Stopped. Its ledgers are in ${invocation.location.folder}.`);
  } else invocation.output.note('Stopped.');
}

/** The supervisor there is, else this process; whoever holds the network without listening is starting or ending. */
async function attachOrBecome(location: Invocation['location']): Promise<ConsoleClient | Supervisor> {
  const { startSupervisor } = await import('../../supervisor/supervisor');
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const client = await connectSupervisor(location.folder);
    if (client) return client;
    try {
      return await startSupervisor(location);
    } catch (error) {
      if (toProblem(error).code !== 'NETWORK_BUSY' || Date.now() > deadline) throw error;
    }
    await delay(POLL_MS);
  }
}

async function upDetached(invocation: Invocation, request: UpRequest): Promise<void> {
  const { client, started } = await attachOrStart(invocation.location, process.execPath);
  if (!started) {
    await upAttached(invocation, client, request);
    return;
  }
  try {
    await bringUp(invocation, client, request);
  } catch (error) {
    await client.call('network.down', {});
    throw error;
  } finally {
    await client.close();
  }
}

/** The hidden command behind `up --detach`: owns the network until it is taken down. */
export async function supervise(invocation: Invocation): Promise<void> {
  const { startSupervisor } = await import('../../supervisor/supervisor');
  let supervisor: Supervisor;
  try {
    supervisor = await startSupervisor(invocation.location);
  } catch (error) {
    // Whoever started this process waits for it on the pipe; nobody reads its output.
    if (process.connected) process.send?.(toProblem(error), () => undefined);
    throw error;
  }
  // It may have seen the socket and hung up first.
  if (process.connected) process.disconnect();
  const terminated = new AbortController();
  process.on('SIGTERM', () => terminated.abort());
  process.on('SIGINT', () => terminated.abort());
  process.on('SIGHUP', () => terminated.abort());
  await Promise.race([supervisor.down, aborted(terminated.signal)]);
  if (terminated.signal.aborted) await supervisor.session.call('network.down', {});
  await supervisor.close();
}

async function bringUp(
  invocation: Invocation,
  client: ConsoleClient,
  request: UpRequest,
  signal?: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const begun = await client.call('network.up', { runtime: request.runtime, native: [...request.native] });
  if (!begun.ok) throw new NotBegun(begun.problem);
  const status = unwrap(await followTask(client, 'network.up', begun.value.task, invocation.output, signal));
  invocation.output.note(`Network ready in ${seconds(performance.now() - started)}.`);
  invocation.output.result(status, () => networkSummary(status));
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** False only where nothing is; a folder that may not be looked into is no answer. */
async function exists(folder: string): Promise<boolean> {
  try {
    await stat(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code)))
      return false;
    throw error;
  }
}

/** `down`: stops the nodes; with purge also names, then deletes keys and ledgers. */
export async function down(
  invocation: Invocation,
  { purge, ask }: { purge: boolean; ask: boolean },
): Promise<void> {
  const { location, output } = invocation;
  if (!(await exists(location.folder))) {
    output.result(purge ? { stopped: 0, deleted: [] } : { stopped: 0 }, () =>
      purge ? NOTHING_TO_DELETE : 'Nothing was running.',
    );
    return;
  }
  const { callOwner } = await import('../../supervisor/owner');
  const { stopped } = unwrap(await callOwner(location, 'network.down'));
  if (!purge) {
    output.result({ stopped }, () => (stopped === 0 ? 'Nothing was running.' : `Stopped ${stopped} nodes.`));
    return;
  }
  const { belongings } = unwrap(await callOwner(location, 'network.belongings'));
  if (belongings.length > 0) {
    if (stopped > 0) output.note(`Stopped ${stopped} nodes.`);
    output.note(['To be deleted:', ...belongings.map((entry) => `  ${entry}`)].join('\n'));
    if (ask && !(await agrees('Delete all of it? This cannot be undone. [y/N] '))) {
      output.result({ stopped, deleted: [] }, () => 'Nothing was deleted.');
      return;
    }
  }
  const { deleted } = unwrap(await callOwner(location, 'network.purge'));
  output.result({ stopped, deleted }, () => deletedInWords(belongings, deleted));
}

const NOTHING_TO_DELETE = 'There is nothing to delete.';

/** What stands above already is not told again. */
function deletedInWords(belongings: readonly string[], deleted: readonly string[]): string {
  if (deleted.length === 0) return NOTHING_TO_DELETE;
  const others = deleted.filter((entry) => !belongings.includes(entry));
  return others.length === 0
    ? 'Deleted all of it.'
    : ['Deleted all of it, and:', ...others.map((entry) => `  ${entry}`)].join('\n');
}

async function agrees(question: string): Promise<boolean> {
  const asked = readline.createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asked.question(question)).trim());
  } finally {
    asked.close();
  }
}
