import { Menu, app, nativeTheme, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import type { ConsoleClient } from '../api/client';
import { menuCommands } from '../api/commands';
import { DESKTOP_PROTOCOL } from '../api/desktop-bridge';
import type { PageMessage } from '../api/desktop';
import { watchPage } from './crashes';
import { nativeDialogs } from './dialogs';
import { openExternalSafely } from './external-links';
import { listenToPage, pageChannel } from './ipc';
import { mayLeave } from './leaving';
import { menuTemplate } from './menu';
import type { ShellMemory } from './memory';
import { WindowRelay } from './relay';
import { WINDOW_TITLE, backgrounds, openWindow } from './window';

export interface ShellParts {
  readonly memory: ShellMemory;
  readonly preload: string;
  readonly log: (line: string) => void;
  /** A session of the core for one page; starts the supervisor at its first use where none runs. */
  openSession(): ConsoleClient;
  /** A client of the supervisor there is; it starts none. */
  attach(): Promise<ConsoleClient | undefined>;
}

/** The console's one window with everything around it. Called once, when the app is ready. */
export class DesktopShell {
  #window: BrowserWindow | undefined;
  #leaving: 'no' | 'asking' | 'yes' = 'no';
  readonly #dialogs = nativeDialogs(() => this.#window);
  readonly #page = pageChannel(() => this.#window);
  readonly #relay: WindowRelay;

  constructor(private readonly parts: ShellParts) {
    this.#relay = new WindowRelay(
      () => parts.openSession(),
      (message) => this.#page.send(message),
      (problem) => {
        parts.log(`the page's session ends: ${problem.detail}`);
        this.#page.tell({ kind: 'lost', problem });
      },
    );
    listenToPage(
      () => this.#window,
      { onWire: (message) => this.#relay.receive(message), onTold: (message) => this.#told(message) },
      parts.log,
    );
    app.on('before-quit', (event) => this.#beforeQuit(event));
    this.#showMenu();
    this.#openWindow();
  }

  /** Brings the window to the front: somebody started the console a second time. */
  focus(): void {
    const window = this.#window;
    if (!window) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** While true no supervisor may be started any more: it would outlive the console that stopped the last one. */
  get isLeaving(): boolean {
    return this.#leaving !== 'no';
  }

  openLink(url: string): void {
    openExternalSafely(url, (safe) => shell.openExternal(safe)).then(
      (opened) => {
        if (!opened) this.parts.log(`not opened in the browser: ${url.slice(0, 200)}`);
      },
      (error: unknown) => this.parts.log(`the browser could not be opened: ${String(error)}`),
    );
  }

  #openWindow(): void {
    const window = openWindow(this.parts.memory, this.parts.preload);
    this.#window = window;
    watchPage(window, this.#dialogs, this.parts.log);
    // Without its process a page neither aborts nor unsubscribes.
    window.webContents.on('render-process-gone', () => this.#relay.close());
    // Closing the window is leaving: the answer may be to stay, so the window goes only afterwards.
    window.on('close', (event) => {
      if (this.#leaving === 'yes') return;
      event.preventDefault();
      app.quit();
    });
    window.on('closed', () => {
      this.#relay.close();
      this.#window = undefined;
    });
  }

  #told(message: PageMessage): void {
    switch (message.kind) {
      case 'open':
        // What is still under way for an earlier page must not reach this one, whose ids begin anew.
        this.#relay.close();
        this.#page.tell({
          kind: 'opened',
          page: message.page,
          protocol: DESKTOP_PROTOCOL,
          version: app.getVersion(),
        });
        this.#relay.open(message.protocol);
        return;
      case 'theme':
        nativeTheme.themeSource = message.theme;
        this.parts.memory.remember({ theme: message.theme });
        this.#window?.setBackgroundColor(
          nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light,
        );
        return;
      case 'open-external':
        this.openLink(message.url);
        return;
    }
  }

  #showMenu(): void {
    const template = menuTemplate(
      menuCommands,
      {
        run: (id) => this.#page.tell({ kind: 'command', id }),
        openLink: (url) => this.openLink(url),
      },
      { platform: process.platform, packaged: app.isPackaged },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  #beforeQuit(event: { preventDefault(): void }): void {
    if (this.#leaving === 'yes') return;
    event.preventDefault();
    if (this.#leaving === 'asking') return;
    this.#leaving = 'asking';
    void this.#leave();
  }

  async #leave(): Promise<void> {
    let leave = true;
    try {
      leave = await mayLeave(() => this.parts.attach(), this.#dialogs, this.parts.log);
    } catch (error) {
      this.parts.log(`leaving: ${String(error)}`);
    }
    this.#leaving = leave ? 'yes' : 'no';
    if (leave) app.quit();
    else this.#window?.setTitle(WINDOW_TITLE);
  }
}
