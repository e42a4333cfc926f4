import { contextBridge, ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { BRIDGE, ipcChannels } from '../api/desktop-bridge';
import type { DesktopBridge } from '../api/desktop-bridge';

/**
 * The only code that has both Electron and the page. It hands the page four functions and nothing of Electron: no
 * event, whose `sender` would be a way to send anything, and no choice of channel.
 */
const hear =
  (channel: string) =>
  (listener: (message: unknown) => void): (() => void) => {
    const withoutEvent = (_event: IpcRendererEvent, message: unknown) => listener(message);
    ipcRenderer.on(channel, withoutEvent);
    return () => {
      ipcRenderer.removeListener(channel, withoutEvent);
    };
  };

const bridge: DesktopBridge = {
  send: (message) => ipcRenderer.send(ipcChannels.toCore, message),
  onMessage: hear(ipcChannels.fromCore),
  tell: (message) => ipcRenderer.send(ipcChannels.toShell, message),
  onTold: hear(ipcChannels.fromShell),
};

contextBridge.exposeInMainWorld(BRIDGE, bridge);
