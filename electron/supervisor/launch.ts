import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { prepareFolder } from '../adapters/store/home';
import type { ConsoleClient } from '../api/client';
import type { Role } from '../api/operations';
import { problemSchema } from '../api/problems';
import type { Problem } from '../api/problems';
import { ProblemError, problem } from '../core/problem';
import { connectSupervisor } from './connect';
import { liveHolder, supervisorLog } from './lock';

const SUPERVISOR_START_MS = 15_000;
const RETRY_MS = 50;

export interface SupervisedNetwork {
  readonly network: string;
  readonly folder: string;
  readonly topologyFile: string | undefined;
  /** The folder with the built programs, `cityflow.cjs` among them. */
  readonly programs: string;
}

export interface OpenedSupervisor {
  readonly client: ConsoleClient;
  /** Whether it was started for this client; otherwise somebody else runs the network. */
  readonly started: boolean;
}

/**
 * A client of the network's supervisor. Where none listens, one is started first, as a process of its own that
 * outlives this one, and nothing of the network with it. `node` is the program that runs it and, through it, every
 * embedded node. Of several that start one at the same time, all get the one that won.
 *
 * @param onClosed called once when the connection is over, from whichever side
 * @throws ProblemError HOME_UNUSABLE, what the supervisor itself could not start for, BRING_UP_FAILED
 */
export async function attachOrStart(
  network: SupervisedNetwork,
  node: string,
  onClosed: () => void = () => undefined,
  role?: Role,
  user?: string,
): Promise<OpenedSupervisor> {
  const attached = await connectSupervisor(network.folder, onClosed, role, user);
  if (attached) return { client: attached, started: false };
  await prepareFolder(network.folder);
  let starting = await startSupervisorProcess(network, node);
  const deadline = Date.now() + SUPERVISOR_START_MS;
  try {
    for (;;) {
      const client = await connectSupervisor(network.folder, onClosed, role, user);
      if (client) return { client, started: starting.told === undefined };
      if (starting.told && starting.told.code !== 'NETWORK_BUSY') throw new ProblemError(starting.told);
      // Somebody else was faster and will listen in a moment – or was just ending, and the way is free now.
      if (starting.told && Date.now() < deadline && !(await liveHolder(network.folder))) {
        starting.letGo();
        starting = await startSupervisorProcess(network, node);
        continue;
      }
      const ended = starting.exited !== undefined && starting.told === undefined;
      if (ended || Date.now() > deadline) throw notStarted(starting);
      await delay(RETRY_MS);
    }
  } finally {
    starting.letGo();
  }
}

/** As `attachOrStart`, for those to whom it is all the same who started it. */
export async function openSupervisor(
  ...arguments_: Parameters<typeof attachOrStart>
): Promise<ConsoleClient> {
  return (await attachOrStart(...arguments_)).client;
}

interface StartingSupervisor {
  readonly logFile: string;
  /** What ended it, in its own words. */
  told: Problem | undefined;
  exited: string | undefined;
  /** From here on it goes its own way. */
  letGo(): void;
}

async function startSupervisorProcess(network: SupervisedNetwork, node: string): Promise<StartingSupervisor> {
  const logFile = supervisorLog(network.folder);
  const log = await open(logFile, 'a', 0o600);
  const child = spawn(
    node,
    [
      // Making certificates and genesis blocks would otherwise leave it forty megabytes larger for as long as it runs;
      // with 2 instead of 8 it collects garbage for a quarter of what it does at rest.
      '--max-semi-space-size=8',
      path.join(network.programs, 'cityflow.cjs'),
      '--network',
      network.network,
      ...(network.topologyFile ? ['--topology', network.topologyFile] : []),
      'supervise',
    ],
    { detached: true, stdio: ['ignore', log.fd, log.fd, 'ipc'] },
  );
  const starting: StartingSupervisor = {
    logFile,
    told: undefined,
    exited: undefined,
    letGo: () => {
      if (child.connected) child.disconnect();
      child.unref();
    },
  };
  child.once('message', (message) => (starting.told = problemSchema.parse(message)));
  child.once('exit', (code, signal) => {
    const ended = () => (starting.exited = signal ?? `code ${code ?? 'unknown'}`);
    // What it told may still be on its way.
    if (child.connected) child.once('disconnect', ended);
    else ended();
  });
  child.once('error', (error) => (starting.exited = error.message));
  await log.close();
  return starting;
}

const notStarted = ({ exited, logFile, told }: StartingSupervisor): ProblemError =>
  told
    ? new ProblemError(told)
    : problem('BRING_UP_FAILED', {
        title: 'The supervisor did not start.',
        detail: exited === undefined ? 'It does not answer.' : `It ended: ${exited}.`,
        hint: `Read ${logFile}.`,
      });
