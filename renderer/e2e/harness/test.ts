import { test as base, expect } from 'playwright/test';
import { _electron } from 'playwright';
import type { Browser, Page, PlaywrightWorkerArgs } from 'playwright/test';
import { desktopEnvironment } from '../../../electron/cli/start-mode.mjs';
import type { ChangeTopology, CommandLine } from '../../../electron/cli/testing/command-line';
import { missingFor, newCommandLine } from '../../../electron/cli/testing/spec-runtime';
import type { SpecRuntime } from '../../../electron/cli/testing/spec-runtime';
import { CityNetwork } from './city-network';
import { ConsolePage } from './console-page';
import type { Session } from './console-service';
import { chromiumArguments, executableOf, programOf, root } from './shells';
import type { Shell } from './shells';

export { expect };

export interface ConsoleOptions {
  readonly shell: Shell;
  /** The role the page's session has. The desktop's user is always the admin. */
  readonly sessionRole: 'admin' | 'viewer';
  /** How long memory is watched. */
  readonly memoryMinutes: number;
}

/** Of all networks of a project. */
export interface NetworkOptions {
  readonly runtime: SpecRuntime;
}

interface Fixtures {
  /** Skips, with the reason, where the shell, or what runs the network, is not here. */
  readonly allIsHere: void;
  /** A network that is not started yet, in a home and on ports of its own; stopped and deleted when the spec ends. */
  readonly newNetwork: (change?: ChangeTopology) => Promise<CommandLine>;
  /** Opens a window of the shell; closed when the spec ends. */
  readonly openWindow: (to: WindowTarget) => Promise<Page>;
  /** The console over the network all specs of the worker share: they look, and leave nothing broken. */
  readonly city: ConsolePage;
}

export interface WindowTarget {
  readonly cityflow: CommandLine;
  /** What a browser opens: a link, or the service's origin together with a session. */
  readonly address: string;
  readonly session?: Session;
  /** Whether the desktop starts the network with its window. */
  readonly startNetwork?: boolean;
}

interface WorkerFixtures {
  /** Why what runs the network is not here; undefined where it is. */
  readonly missingRuntime: string | undefined;
  readonly chromium: () => Promise<Browser>;
  readonly network: CityNetwork;
}

export const viewport = { width: 1280, height: 800 };

export const test = base.extend<Fixtures & ConsoleOptions, WorkerFixtures & NetworkOptions>({
  runtime: ['embedded', { option: true, scope: 'worker' }],
  shell: ['browser', { option: true }],
  sessionRole: ['admin', { option: true }],
  memoryMinutes: [1.5, { option: true }],

  missingRuntime: [async ({ runtime }, use) => use(await missingFor(runtime)), { scope: 'worker' }],

  allIsHere: [
    async ({ shell, missingRuntime }, use, info) => {
      const program = programOf(shell);
      info.skip('missing' in program, 'missing' in program ? program.missing : '');
      info.skip(missingRuntime !== undefined, missingRuntime ?? '');
      await use();
    },
    { auto: true },
  ],

  chromium: [
    async ({ playwright }: PlaywrightWorkerArgs, use) => {
      let browser: Promise<Browser> | undefined;
      await use(() => {
        browser ??= playwright.chromium.launch({
          executablePath: executableOf('browser'),
          args: [...chromiumArguments],
        });
        return browser;
      });
      await (await browser)?.close();
    },
    { scope: 'worker' },
  ],

  network: [
    async ({ runtime }, use) => {
      const network = await CityNetwork.start(runtime);
      await use(network);
      await network.close();
    },
    { scope: 'worker', timeout: 180_000 },
  ],

  newNetwork: async ({ runtime }, use) => {
    const made: CommandLine[] = [];
    await use(async (change) => {
      const cityflow = await newCommandLine(runtime, change);
      made.push(cityflow);
      return cityflow;
    });
    for (const cityflow of made) await cityflow.close();
  },

  openWindow: async ({ shell, chromium }, use) => {
    const closers: (() => Promise<void>)[] = [];
    await use(async (target) => {
      const { page, close } =
        shell === 'browser' ? await inBrowser(await chromium(), target) : await onDesktop(target);
      closers.push(close);
      return page;
    });
    for (const close of closers) await close();
  },

  city: async ({ openWindow, network, sessionRole }, use) => {
    const { cityflow, service, sessions } = network;
    const page = await openWindow({ cityflow, address: service.origin, session: sessions[sessionRole] });
    const city = new ConsolePage(page);
    await expect(city.heading).toBeVisible();
    await use(city);
    expect(city.complaints).toEqual([]);
  },
});

interface OpenWindow {
  readonly page: Page;
  readonly close: () => Promise<void>;
}

async function inBrowser(browser: Browser, { address, session }: WindowTarget): Promise<OpenWindow> {
  const context = await browser.newContext({
    viewport,
    reducedMotion: 'reduce',
    ...(session && { storageState: session }),
  });
  const page = await context.newPage();
  await page.goto(address);
  return { page, close: () => context.close() };
}

async function onDesktop({ cityflow, startNetwork = false }: WindowTarget): Promise<OpenWindow> {
  const app = await _electron.launch({
    executablePath: executableOf('desktop'),
    args: [root, ...cityflow.options, ...(startNetwork ? [] : ['--no-network'])],
    env: stringsOf({
      ...desktopEnvironment(process.env, process.execPath),
      CITYFLOW_HOME: cityflow.home,
    }),
  });
  const page = await app.firstWindow();
  await page.setViewportSize(viewport);
  return { page, close: () => app.close() };
}

const stringsOf = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
