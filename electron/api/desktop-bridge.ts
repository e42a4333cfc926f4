/**
 * The bridge between the desktop app's page and its shell. Without any import, because the preload script is bundled
 * from it: what runs there has both the page and Electron at hand and stays as small as it can be.
 */
export const BRIDGE = 'cityflowDesktop';

/** Names of the IPC channels; nothing else is listened to. */
export const ipcChannels = {
  toCore: 'cityflow:to-core',
  fromCore: 'cityflow:from-core',
  toShell: 'cityflow:to-shell',
  fromShell: 'cityflow:from-shell',
} as const;

/** Raised whenever page and shell of different builds would misunderstand each other. */
export const DESKTOP_PROTOCOL = 1;

/** All that a page can reach of Electron. The listeners get the message alone, never Electron's event. */
export interface DesktopBridge {
  /** Sends a ClientMessage of the wire. */
  send(message: unknown): void;
  /** Hears each ServerMessage of the wire; answers a function that ends the hearing. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Sends a PageMessage. */
  tell(message: unknown): void;
  /** Hears each ShellMessage; answers a function that ends the hearing. */
  onTold(listener: (message: unknown) => void): () => void;
}
