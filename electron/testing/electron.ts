import { EventEmitter } from 'node:events';

/**
 * Stands in for the `electron` module where its binary does not exist: what the shell uses of it, with Electron's own
 * rules where they matter – what crosses between page and shell is cloned, a prevented event is seen as prevented, and
 * a page's listeners never meet main's. `state` is the machine around it, and what the shell did to it.
 */
export class FakeFrame {
  readonly sent: { readonly channel: string; readonly message: unknown }[] = [];
  destroyed = false;
  constructor(public url: string) {}
  isDestroyed = (): boolean => this.destroyed;
  send(channel: string, message: unknown): void {
    this.sent.push({ channel, message: structuredClone(message) });
  }
}

interface Preventable {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

export function preventable<T extends object>(fields: T = {} as T): T & Preventable {
  let prevented = false;
  return {
    ...fields,
    get defaultPrevented() {
      return prevented;
    },
    preventDefault: () => {
      prevented = true;
    },
  };
}

export class FakeWebContents extends EventEmitter {
  readonly mainFrame = new FakeFrame('');
  reloads = 0;
  crashes = 0;
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });

  setWindowOpenHandler(handler: FakeWebContents['openHandler']): void {
    this.openHandler = handler;
  }
  /** To the page: what its preload's ipcRenderer hears. */
  send(channel: string, message: unknown): void {
    const copy = structuredClone(message);
    queueMicrotask(() => ipcRenderer.emit(channel, { sender: 'electron internals' }, copy));
  }
  reload(): void {
    this.reloads += 1;
  }
  forcefullyCrashRenderer(): void {
    this.crashes += 1;
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  readonly webContents = new FakeWebContents();
  bounds = { x: 10, y: 20, width: 1280, height: 800 };
  background: string | undefined;
  title = '';
  maximized = false;
  minimized = false;
  shown = 0;
  focused = 0;
  destroyed = false;

  constructor(readonly options: Record<string, unknown>) {
    super();
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url;
    return Promise.resolve();
  }
  isDestroyed = (): boolean => this.destroyed;
  isMaximized = (): boolean => this.maximized;
  isMinimized = (): boolean => this.minimized;
  getNormalBounds = () => this.bounds;
  maximize(): void {
    this.maximized = true;
  }
  restore(): void {
    this.minimized = false;
  }
  show(): void {
    this.shown += 1;
  }
  focus(): void {
    this.focused += 1;
  }
  setTitle(title: string): void {
    this.title = title;
  }
  setBackgroundColor(color: string): void {
    this.background = color;
  }
  /** The user's click on the cross. */
  close(): void {
    const event = preventable();
    this.emit('close', event);
    if (event.defaultPrevented) return;
    this.destroyed = true;
    this.emit('closed');
    app.emit('window-all-closed');
  }
}

class FakeApp extends EventEmitter {
  isPackaged = false;
  sandboxed = false;
  firstInstance = true;
  quits = 0;
  exitCode: number | undefined;
  readonly paths: Record<string, string> = {};
  readonly switches = new Set<string>();
  readonly commandLine = { hasSwitch: (name: string): boolean => this.switches.has(name) };
  ready: Promise<void> = Promise.resolve();

  enableSandbox(): void {
    this.sandboxed = true;
  }
  getPath = (name: string): string => this.paths[name] ?? `/home/somebody/${name}`;
  setPath(name: string, value: string): void {
    this.paths[name] = value;
  }
  requestSingleInstanceLock = (): boolean => this.firstInstance;
  whenReady = (): Promise<void> => this.ready;
  getAppPath = (): string => state.appPath;
  getVersion = (): string => '0.0.0-test';
  /** As Electron: asks, and when nobody minds closes the windows and is gone. */
  quit(): void {
    this.quits += 1;
    const event = preventable();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    for (const window of BrowserWindow.all) if (!window.destroyed) window.close();
    this.exitCode ??= 0;
  }
  exit(code = 0): void {
    this.exitCode ??= code;
  }
}

export const app = new FakeApp();

type Handler<A extends unknown[], R> = ((...args: A) => R) | undefined;

class FakeSession extends EventEmitter {
  permissionRequest: Handler<[unknown, string, (granted: boolean) => void, { requestingUrl: string }], void>;
  permissionCheck: Handler<[unknown, string, string], boolean>;
  device: Handler<[], boolean>;
  beforeRequest: Handler<[{ url: string }, (answer: { cancel: boolean }) => void], void>;

  setPermissionRequestHandler(handler: FakeSession['permissionRequest']): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: FakeSession['permissionCheck']): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: FakeSession['device']): void {
    this.device = handler;
  }
  readonly webRequest = {
    onBeforeRequest: (handler: FakeSession['beforeRequest']): void => {
      this.beforeRequest = handler;
    },
  };
}

export const session = { defaultSession: new FakeSession() };

export const ipcMain = new EventEmitter();

class FakeIpcRenderer extends EventEmitter {
  /** The window whose page this preload runs in; the sender's frame as main sees it. */
  send(channel: string, message: unknown): void {
    const copy = structuredClone(message);
    const frame = BrowserWindow.all.at(-1)?.webContents.mainFrame ?? null;
    queueMicrotask(() => ipcMain.emit(channel, { senderFrame: frame }, copy));
  }
}

export const ipcRenderer = new FakeIpcRenderer();

export const contextBridge = {
  exposeInMainWorld: (name: string, api: unknown): void => {
    state.world[name] = api;
  },
};

export const nativeTheme = {
  themeSource: 'system',
  systemIsDark: false,
  get shouldUseDarkColors(): boolean {
    return this.themeSource === 'dark' || (this.themeSource === 'system' && this.systemIsDark);
  },
};

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown): void => {
    state.schemes = schemes;
  },
  handle: (scheme: string, handler: (request: Request) => Promise<Response>): void => {
    state.protocols[scheme] = handler;
  },
};

export const screen = {
  getAllDisplays: () => state.workAreas.map((workArea) => ({ workArea })),
};

export const shell = {
  openExternal: (url: string): Promise<void> => {
    state.openedExternally.push(url);
    return Promise.resolve();
  },
};

export const powerMonitor = new EventEmitter();

export const dialog = {
  showMessageBox: (...args: unknown[]) => {
    state.messageBoxes.push(args.at(-1) as FakeMessageBox);
    return Promise.resolve(state.answers.shift() ?? { response: 0, checkboxChecked: false });
  },
  showErrorBox: (title: string, content: string): void => {
    state.errorBoxes.push({ title, content });
  },
};

export interface FakeMessageBox {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
  readonly defaultId: number;
  readonly cancelId: number;
}

export interface FakeMenuItem {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly checked?: boolean;
  readonly accelerator?: string;
  readonly registerAccelerator?: boolean;
  readonly submenu?: FakeMenuItem[];
  click?(): void;
}

export const Menu = {
  buildFromTemplate: (template: FakeMenuItem[]) => template,
  setApplicationMenu: (menu: FakeMenuItem[]): void => {
    state.menu = menu;
  },
};

export const state = {
  appPath: '/nowhere',
  world: {} as Record<string, unknown>,
  schemes: undefined as unknown,
  protocols: {} as Record<string, (request: Request) => Promise<Response>>,
  workAreas: [{ x: 0, y: 0, width: 1920, height: 1080 }],
  openedExternally: [] as string[],
  messageBoxes: [] as FakeMessageBox[],
  errorBoxes: [] as { title: string; content: string }[],
  answers: [] as { response: number; checkboxChecked: boolean }[],
  menu: [] as FakeMenuItem[],
};
