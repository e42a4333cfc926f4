import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleClient } from '../../api/client';
import type { RuntimeName } from '../../api/models';
import type { Problem } from '../../api/problems';
import { toProblem } from '../../core/problem';
import { connectSupervisor } from '../../supervisor/connect';
import { attachOrStart } from '../../supervisor/launch';
import type { Supervisor } from '../../supervisor/supervisor';
import { unwrap } from '../invocation';
import type { Invocation } from '../invocation';
import { networkSummary } from '../network-summary';
import { runTask, seconds } from '../task-progress';

export interface UpRequest {
  readonly runtime: RuntimeName | undefined;
  readonly native: readonly string[];
  readonly detach: boolean;
}

const SUPERVISOR_START_MS = 15_000;
/** Ctrl-C before the network was ready: what was asked for was not done. */
const EXIT_INTERRUPTED = 1;

/** Starts the network, in the foreground until Ctrl-C or, detached, until it is ready. */
export async function up(invocation: Invocation, request: UpRequest): Promise<void> {
  const attached = await connectSupervisor(invocation.location.folder);
  if (attached) await upAttached(invocation, attached, request);
  else if (request.detach) await upDetached(invocation, request);
  else await upForeground(invocation, request);
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
  const { startSupervisor } = await import('../../supervisor/supervisor');
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
  let supervisor: Supervisor;
  try {
    supervisor = await startSupervisor(invocation.location);
  } catch (error) {
    const other = isBusy(toProblem(error)) ? await otherSupervisor(invocation) : undefined;
    if (!other) throw error;
    await upAttached(invocation, other, request);
    return;
  }
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

const isBusy = ({ code }: Problem): boolean => code === 'NETWORK_BUSY';

/** Who got the lock first listens in a moment. */
async function otherSupervisor(invocation: Invocation): Promise<ConsoleClient | undefined> {
  const deadline = Date.now() + SUPERVISOR_START_MS;
  while (Date.now() < deadline) {
    const client = await connectSupervisor(invocation.location.folder);
    if (client) return client;
    await delay(50);
  }
  return undefined;
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
  const outcome = await runTask(
    client,
    'network.up',
    { runtime: request.runtime, native: [...request.native] },
    invocation.output,
    signal,
  );
  const status = unwrap(outcome);
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

/** `down`: stops the nodes; with purge also deletes keys and ledgers. */
export async function down(invocation: Invocation, options: { purge: boolean }): Promise<void> {
  const { location, output } = invocation;
  if (!(await exists(location.folder))) {
    output.result(options.purge ? { stopped: 0, deleted: [] } : { stopped: 0 }, () =>
      options.purge ? 'There is nothing to delete.' : 'Nothing was running.',
    );
    return;
  }
  const { callOwner } = await import('../../supervisor/owner');
  const { stopped } = unwrap(await callOwner(location, 'network.down'));
  if (!options.purge) {
    output.result({ stopped }, () => (stopped === 0 ? 'Nothing was running.' : `Stopped ${stopped} nodes.`));
    return;
  }
  const { deleted } = unwrap(await callOwner(location, 'network.purge'));
  output.result({ stopped, deleted }, () =>
    deleted.length === 0
      ? 'There is nothing to delete.'
      : [
          stopped === 0 ? 'Deleted:' : `Stopped ${stopped} nodes and deleted:`,
          ...deleted.map((entry) => `  ${entry}`),
        ].join('\n'),
  );
}
