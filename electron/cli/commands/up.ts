import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleClient } from '../../api/client';
import type { NetworkStatus, RuntimeName } from '../../api/models';
import { problemSchema } from '../../api/problems';
import type { Problem } from '../../api/problems';
import { prepareFolder } from '../../adapters/store/home';
import { problem, toProblem } from '../../core/problem';
import { connectSupervisor } from '../../supervisor/connect';
import type { Supervisor } from '../../supervisor/supervisor';
import { CommandFailed, unwrap } from '../invocation';
import type { Invocation } from '../invocation';
import { runTask, seconds } from '../task-progress';

export interface UpRequest {
  readonly runtime: RuntimeName | undefined;
  readonly native: readonly string[];
  readonly detach: boolean;
}

const SUPERVISOR_START_MS = 15_000;

/** Starts the network, in the foreground until Ctrl-C or, detached, until it is ready. */
export async function up(invocation: Invocation, request: UpRequest): Promise<void> {
  const attached = await connectSupervisor(invocation.location.folder);
  if (attached) {
    invocation.output.note(`The network ${invocation.location.network} has a supervisor already: using it.`);
    await bringUp(invocation, attached, request);
    await attached.close();
    return;
  }
  if (request.detach) await upDetached(invocation, request);
  else await upForeground(invocation, request);
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
  const supervisor = await startSupervisor(invocation.location);
  try {
    await bringUp(invocation, supervisor.session, request, interrupted.signal);
    invocation.output.note('Ctrl-C stops it; its data stays.');
    await Promise.race([supervisor.down, aborted(interrupted.signal)]);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
  } finally {
    invocation.output.note('\nStopping the network …');
    const stopped = await supervisor.session.call('network.down', {});
    await supervisor.close();
    if (stopped.ok) invocation.output.note(`Stopped. Its ledgers are in ${invocation.location.folder}.`);
    else invocation.output.problem(stopped.problem);
  }
}

async function upDetached(invocation: Invocation, request: UpRequest): Promise<void> {
  const { folder } = invocation.location;
  await prepareFolder(folder);
  const logFile = path.join(folder, 'supervisor.log');
  const log = await open(logFile, 'a', 0o600);
  const child = spawn(
    process.execPath,
    // Making certificates and genesis blocks would otherwise leave it forty megabytes larger for as long as it runs.
    [...process.execArgv, '--max-semi-space-size=2', __filename, ...superviseArguments(invocation)],
    {
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
    },
  );
  await log.close();
  let exited: number | null | undefined;
  let told: Problem | undefined;
  child.once('exit', (code) => (exited = code));
  child.once('message', (message) => (told = problemSchema.parse(message)));
  const deadline = Date.now() + SUPERVISOR_START_MS;
  let client = await connectSupervisor(folder);
  while (!client) {
    if (told) throw new CommandFailed(told);
    if (exited !== undefined || Date.now() > deadline) {
      throw problem('BRING_UP_FAILED', {
        title: 'The supervisor did not start.',
        detail: exited === undefined ? 'It does not answer.' : `It ended with code ${exited}.`,
        hint: `Read ${logFile}.`,
      });
    }
    await delay(50);
    client = await connectSupervisor(folder);
  }
  if (child.connected) child.disconnect();
  child.unref();
  try {
    await bringUp(invocation, client, request);
  } catch (error) {
    await client.call('network.down', {});
    throw error;
  } finally {
    await client.close();
  }
}

function superviseArguments({ location }: Invocation): string[] {
  return [
    '--network',
    location.network,
    ...(location.topologyFile ? ['--topology', location.topologyFile] : []),
    'supervise',
  ];
}

/** The hidden command behind `up --detach`: owns the network until it is taken down. */
export async function supervise(invocation: Invocation): Promise<void> {
  const { startSupervisor } = await import('../../supervisor/supervisor');
  let supervisor: Supervisor;
  try {
    supervisor = await startSupervisor(invocation.location);
  } catch (error) {
    // Whoever started this process waits for it on the pipe; nobody reads its output.
    process.send?.(toProblem(error));
    throw error;
  }
  process.disconnect?.();
  const terminated = new AbortController();
  process.on('SIGTERM', () => terminated.abort());
  process.on('SIGINT', () => terminated.abort());
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
  invocation.output.result(status, () => welcome(status));
}

function welcome(status: NetworkStatus): string {
  const lines = [
    '',
    `${status.network} · ${status.runtime} runtime · ${status.folder}`,
    '',
    ...status.channels.map(
      (channel) =>
        `  ${channel.name.padEnd(18)} height ${(channel.height ?? '–').padStart(5)}   ${
          channel.contract ? `contract ${channel.contract.name} ${channel.contract.version}` : 'no contract'
        }   ${channel.members.join(', ')}`,
    ),
    '',
    ...status.nodes.map(
      (node) =>
        `  ${node.name.padEnd(38)} ${node.address.padEnd(16)} ${node.operations ? `http://${node.operations}/metrics` : ''}`,
    ),
    '',
    'What to type next, in another terminal:',
    '  npm run -s cityflow -- demo',
    '  npm run -s cityflow -- status',
    '  npm run -s cityflow -- --help',
  ];
  if (status.runtime === 'embedded') {
    lines.push('', 'The embedded nodes are for looking, testing and showing, never for production.');
  }
  return lines.join('\n');
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** `down`: stops the nodes; with purge also deletes keys and ledgers. */
export async function down(
  invocation: Invocation,
  client: ConsoleClient,
  options: { purge: boolean },
): Promise<void> {
  const { stopped } = unwrap(await client.call('network.down', {}));
  if (!options.purge) {
    invocation.output.result({ stopped }, () =>
      stopped === 0 ? 'Nothing was running.' : `Stopped ${stopped} nodes.`,
    );
    return;
  }
  const purged = await purgeWhenFree(invocation);
  invocation.output.result({ stopped, deleted: purged }, () =>
    [`Stopped ${stopped} nodes and deleted:`, ...purged.map((folder) => `  ${folder}`)].join('\n'),
  );
}

/** The supervisor ends after `down`; only then may its folder go. */
async function purgeWhenFree(invocation: Invocation): Promise<string[]> {
  const deadline = Date.now() + SUPERVISOR_START_MS;
  for (;;) {
    const attached = await connectSupervisor(invocation.location.folder);
    await attached?.close();
    if (!attached) break;
    if (Date.now() > deadline) {
      throw new CommandFailed(
        problem('NETWORK_BUSY', {
          title: 'The supervisor has not ended.',
          detail: 'It still answers on its socket.',
          hint: 'Run `cityflow down --purge` again.',
          retryable: true,
        }).problem,
      );
    }
    await delay(50);
  }
  const { openLocalCore } = await import('../../supervisor/local-core');
  const core = await openLocalCore(invocation.location);
  try {
    return unwrap(await core.openSession('admin').call('network.purge', {})).deleted;
  } finally {
    await core.close();
  }
}
