import { app, dialog, powerMonitor, protocol, session } from 'electron';
import path from 'node:path';
import { homeFolder, networkFolder } from '../adapters/store/home';
import { problem, toProblem } from '../core/problem';
import { connectSupervisor } from '../supervisor/connect';
import { LastingClient } from '../supervisor/lasting-client';
import { openSupervisor } from '../supervisor/launch';
import { desktopArguments } from './arguments';
import { serveAssets } from './assets';
import { APP_SCHEME } from './console-origin';
import { watchDownloads } from './downloads';
import { openShellLog } from './log';
import { ShellMemory } from './memory';
import { confine } from './navigation';
import { restrictSession } from './permissions';
import { nodeProgram, programsFolder } from './programs';
import { DesktopShell } from './shell';
import { weakenedBy } from './weakened';

/**
 * The desktop app: one window, and behind it the supervisor of the network, found or started. Order matters: the
 * sandbox, the scheme's rights and the profile's folder can only be set before the app is ready.
 */
const home = homeFolder();
const options = desktopArguments(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd());
const log = openShellLog(path.join(home, 'logs', 'desktop.log'));

app.enableSandbox();
app.setPath('userData', path.join(home, 'desktop'));
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

let shell: DesktopShell | undefined;

// The lock lies in the profile's folder: one console for each CITYFLOW_HOME.
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => shell?.focus());
  app.on('activate', () => shell?.focus());
  app.on('window-all-closed', () => app.quit());
  app.on('web-contents-created', (_event, contents) => confine(contents, (url) => shell?.openLink(url)));
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason !== 'clean-exit') log(`a ${type} process is gone: ${reason}, exit code ${exitCode}`);
  });
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The first asks as closing the window does; who sends a second wants no questions.
    process.on(signal, () => ((signals += 1) === 1 ? app.quit() : app.exit()));
  }
  app.whenReady().then(openConsole).catch(failed);
} else {
  app.quit();
}

function openConsole(): void {
  // In development they are the developer's, and end-to-end tests need some of them.
  const weakened = app.isPackaged ? weakenedBy((name) => app.commandLine.hasSwitch(name)) : undefined;
  if (weakened !== undefined) {
    throw problem('FORBIDDEN', { title: 'It would run unprotected.', detail: weakened });
  }
  const installation = {
    packaged: app.isPackaged,
    resources: process.resourcesPath,
    app: app.getAppPath(),
    platform: process.platform,
    environment: process.env,
  };
  const network = {
    network: options.network,
    folder: networkFolder(home, options.network),
    topologyFile: options.topologyFile,
    programs: programsFolder(installation),
  };
  restrictSession(session.defaultSession);
  watchDownloads(session.defaultSession, log);
  protocol.handle(APP_SCHEME, serveAssets(path.join(__dirname, '..', 'renderer')));
  const openSession = () =>
    new LastingClient(async (onClosed) => {
      const attached = await connectSupervisor(network.folder, onClosed);
      if (attached) return attached;
      if (shell?.isLeaving) throw beingLeft();
      // A missing Node is a problem of the calls that need one, shown where they are: the console opens all the same.
      return openSupervisor(network, nodeProgram(installation), onClosed);
    });
  // Whoever shuts the machine down is not asked anything.
  powerMonitor.on('shutdown', () => app.exit());
  shell = new DesktopShell({
    memory: new ShellMemory(path.join(home, 'desktop', 'shell.json'), log),
    preload: path.join(__dirname, '..', 'preload', 'preload.cjs'),
    log,
    openSession,
    attach: () => connectSupervisor(network.folder),
  });
  if (options.start) void startNetwork(openSession());
}

/** The network comes up as a task that every console sees; where it runs already, nothing is done. */
async function startNetwork(client: LastingClient): Promise<void> {
  const status = await client.call('network.status', {});
  const running = status.ok && status.value.state === 'running';
  const outcome = status.ok && !running ? await client.call('network.up', {}) : status;
  if (!outcome.ok) log(`the network was not started: ${outcome.problem.title} ${outcome.problem.detail}`);
  await client.close();
}

const beingLeft = () =>
  problem('NETWORK_NOT_RUNNING', {
    title: 'The console is being left.',
    hint: 'Open it again.',
  });

function failed(error: unknown): void {
  const { title, detail } = toProblem(error);
  log(`the console cannot start: ${title} ${detail}`);
  dialog.showErrorBox('The CityFlow Operations Console cannot start.', `${title}\n${detail}`);
  app.exit(1);
}
