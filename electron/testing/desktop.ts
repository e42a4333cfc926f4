import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ConsoleClient } from '../api/client';
import { BRIDGE } from '../api/desktop-bridge';
import type { DesktopBridge } from '../api/desktop-bridge';
import { ShellMemory } from '../main/memory';
import { DesktopShell } from '../main/shell';
import { openDesktopClient } from '../../renderer/client/ipc-client';
import type { DesktopClient } from '../../renderer/client/ipc-client';
import { BrowserWindow, app, ipcMain, ipcRenderer, state } from './electron';

export interface TestDesktop {
  readonly shell: DesktopShell;
  readonly window: BrowserWindow;
  readonly bridge: DesktopBridge;
  readonly memory: ShellMemory;
  readonly log: readonly string[];
  /** A page in the window: each begins with its own handshake, as after loading it again. */
  openPage(): Promise<DesktopClient>;
  close(): void;
}

/** The desktop app with both ends of its IPC in this process: shell, relay, preload and the page's client as they are. */
export async function startTestDesktop(
  openSession: () => ConsoleClient,
  attach: () => Promise<ConsoleClient | undefined> = () => Promise.resolve(undefined),
): Promise<TestDesktop> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cityflow-desktop-'));
  const log: string[] = [];
  const memory = new ShellMemory(path.join(folder, 'shell.json'), (line) => log.push(line));
  const shell = new DesktopShell({
    memory,
    preload: 'preload.cjs',
    log: (line) => log.push(line),
    openSession,
    attach,
  });
  const window = BrowserWindow.all.at(-1);
  if (!window) throw new Error('the shell opened no window');
  await import('../preload/preload');
  const bridge = state.world[BRIDGE] as DesktopBridge;
  return {
    shell,
    window,
    bridge,
    memory,
    log,
    openPage: () => openDesktopClient(bridge, () => undefined),
    close: () => {
      window.emit('closed');
      for (const emitter of [app, ipcMain, ipcRenderer]) emitter.removeAllListeners();
      BrowserWindow.all.length = 0;
      app.exitCode = undefined;
      rmSync(folder, { recursive: true });
    },
  };
}
