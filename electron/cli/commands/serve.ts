import { readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import type { ConsoleClient } from '../../api/client';
import type { RuntimeName } from '../../api/models';
import type { Problem } from '../../api/problems';
import { ProblemError, problem, toProblem } from '../../core/problem';
import { Assets } from '../../service/assets';
import { MIN_PASSWORD_LENGTH, PasswordUser } from '../../service/password';
import { startService } from '../../service/service';
import type { ConsoleService, TlsMaterial } from '../../service/service';
import type { SessionOwner } from '../../service/stream';
import { connectSupervisor } from '../../supervisor/connect';
import { announceConsole, consolePort, consolePortTaken } from '../../supervisor/console-port';
import { openSupervisor } from '../../supervisor/launch';
import { liveHolder, lockHolder } from '../../supervisor/lock';
import type { Invocation } from '../invocation';
import { networkSummary } from '../network-summary';
import { runTask, seconds } from '../task-progress';

export interface ServeRequest {
  readonly host: string;
  /** Undefined: the topology's. */
  readonly port: number | undefined;
  readonly viewerLink: boolean;
  /** False: the network is left as it is. */
  readonly network: boolean;
  readonly runtime: RuntimeName | undefined;
  readonly native: readonly string[];
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly user: string | undefined;
  readonly passwordFile: string | undefined;
}

/** The console in the browser, until Ctrl-C. A supervisor that was started for it then stops with its network. */
export async function serve(invocation: Invocation, request: ServeRequest): Promise<void> {
  const { location, output } = invocation;
  const core = new AttachedCore(invocation);
  const interrupted = interruption(() =>
    output.note('Still stopping; the nodes are writing what they hold.'),
  );
  const port = request.port ?? (await consolePort(location));
  const service = await startService({
    network: location.network,
    host: request.host,
    port,
    tls: await tlsMaterial(request),
    passwordUser: await passwordUser(request),
    assets: await Assets.load(path.join(location.programs, 'renderer')),
    openSession: core.openSession,
  }).catch(async (error: unknown) => {
    if (toProblem(error).code === 'PORT_TAKEN') throw await consolePortTaken(location, port);
    throw error;
  });
  let unannounce: () => Promise<void> = () => Promise.resolve();
  try {
    unannounce = await announceConsole(location, service.port).catch((error: unknown) => {
      output.note(told(toProblem(error)));
      return unannounce;
    });
    const link = service.link('admin');
    const viewerLink = request.viewerLink ? service.link('viewer') : null;
    output.result({ network: location.network, origin: service.origin, link, viewerLink }, () =>
      welcome(link, viewerLink),
    );
    const endPrompt = offerNewLinks(invocation, service, request);
    if (request.network) await bringUp(invocation, core, request, interrupted);
    await aborted(interrupted);
    endPrompt();
  } finally {
    output.note('\nClosing the console …');
    await service.close();
    await unannounce();
    await core.stop();
  }
}

/** Sessions of the supervisor there is, or of one that is started; remembers which one it started. */
class AttachedCore {
  /** The token in the lock of that supervisor. */
  #started: string | undefined;

  constructor(private readonly invocation: Invocation) {}

  openSession = async (
    { role, user }: SessionOwner,
    onGone: () => void = () => undefined,
  ): Promise<ConsoleClient> => {
    const { location } = this.invocation;
    const attached = await connectSupervisor(location.folder, onGone, role, user);
    if (attached) return attached;
    const opened = await openSupervisor(location, process.execPath, onGone, role, user);
    this.#started = (await lockHolder(location.folder))?.token;
    return opened;
  };

  /** What runs because of this console ends with it unless the settings leave it; what somebody else started goes on. */
  async stop(): Promise<void> {
    const { location, output } = this.invocation;
    const holder = await liveHolder(location.folder);
    if (!holder) return;
    if (holder.token !== this.#started) {
      output.note('The network goes on: it was started elsewhere. `cityflow down` stops it.');
      return;
    }
    const supervisor = await connectSupervisor(location.folder);
    if (!supervisor) return;
    const settings = await supervisor.call('settings.get', {});
    if (settings.ok && settings.value.onClose === 'leave') {
      output.note('The network goes on, as the settings say. `cityflow down` stops it.');
      await supervisor.close();
      return;
    }
    output.note('Stopping the network …');
    const outcome = await supervisor.call('network.down', {});
    await supervisor.close();
    if (outcome.ok) output.note(`Stopped. Its ledgers are in ${location.folder}.`);
    else output.note(told(outcome.problem));
  }
}

/** A network that does not come up is no end of the console: it shows why, and can try again. */
async function bringUp(
  { output }: Invocation,
  core: AttachedCore,
  { runtime, native }: ServeRequest,
  signal: AbortSignal,
): Promise<void> {
  let client: ConsoleClient | undefined;
  try {
    client = await core.openSession({ role: 'admin', user: os.userInfo().username });
    const status = await client.call('network.status', {});
    if (status.ok && status.value.state === 'running') {
      output.note('The network is running already.');
      return;
    }
    const started = performance.now();
    const outcome = await runTask(client, 'network.up', { runtime, native: [...native] }, output, signal);
    if (outcome.ok) {
      output.note(`Network ready in ${seconds(performance.now() - started)}.`);
      output.note(networkSummary(outcome.value));
      output.note('\nCtrl-C stops the network and the console; its data stays.');
    } else if (!signal.aborted) output.note(told(outcome.problem));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    output.note(told(error.problem));
  } finally {
    await client?.close();
  }
}

/** In --json mode stdout has its one document already. */
const told = ({ title, detail, hint }: Problem): string => `${title} ${detail}\n→ ${hint}`;

function welcome(link: string, viewerLink: string | null): string {
  return [
    '',
    'The console is ready. Open this link; it works once, for ten minutes:',
    '',
    `  ${link}`,
    ...(viewerLink ? ['', 'For someone who may only look:', '', `  ${viewerLink}`] : []),
    '',
  ].join('\n');
}

/** Enter prints new links, for a browser that was closed or a second one. */
function offerNewLinks(
  { output }: Invocation,
  service: ConsoleService,
  { viewerLink }: ServeRequest,
): () => void {
  if (!process.stdin.isTTY) return () => undefined;
  output.note('Enter prints a new link; Ctrl-C ends the console.');
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', () => {
    output.note(welcome(service.link('admin'), viewerLink ? service.link('viewer') : null));
  });
  return () => lines.close();
}

async function tlsMaterial({ tlsCert, tlsKey }: ServeRequest): Promise<TlsMaterial | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw problem('BAD_REQUEST', {
      title: 'TLS needs a certificate and its key.',
      detail: `Only ${tlsCert === undefined ? '--tls-key' : '--tls-cert'} is given.`,
      hint: 'Give --tls-cert and --tls-key.',
    });
  }
  return {
    certificatePem: await readNamed('--tls-cert', tlsCert),
    privateKeyPem: await readNamed('--tls-key', tlsKey),
  };
}

async function passwordUser({ user, passwordFile }: ServeRequest): Promise<PasswordUser | undefined> {
  if (user === undefined && passwordFile === undefined) return undefined;
  const refuse = (detail: string, hint: string) =>
    problem('BAD_REQUEST', { title: 'The user cannot be set up.', detail, hint });
  if (!user || passwordFile === undefined) {
    throw refuse('A user needs a name and a password.', 'Give --user and --password-file.');
  }
  const password = (await readNamed('--password-file', passwordFile)).replace(/\r?\n$/, '');
  const { mode } = await stat(passwordFile);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw refuse(`${passwordFile} can be read by others.`, `Run \`chmod 600 ${passwordFile}\`.`);
  }
  if (password.length < MIN_PASSWORD_LENGTH) {
    throw refuse('The password is too short.', `Take one of ${MIN_PASSWORD_LENGTH} characters or more.`);
  }
  return PasswordUser.create(user, password);
}

async function readNamed(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw problem('BAD_REQUEST', {
      title: `The file of ${option} cannot be read.`,
      detail: error instanceof Error ? error.message : String(error),
      hint: 'Name a file that exists and that you may read.',
      cause: error,
    });
  }
}

/** Aborts at the first Ctrl-C, end of terminal or SIGTERM; `onAgain` is called at the second. */
function interruption(onAgain: () => void): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) onAgain();
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return controller.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
