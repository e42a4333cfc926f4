import { ipcMain } from 'electron';
import type { BrowserWindow, IpcMainEvent } from 'electron';
import { z } from 'zod';
import { ipcChannels } from '../api/desktop-bridge';
import { pageMessageSchema } from '../api/desktop';
import type { PageMessage, ShellMessage } from '../api/desktop';
import type { ServerMessage } from '../api/wire';
import { problem } from '../core/problem';
import { senderRefusal } from './sender';

export interface PageListeners {
  /** A message of the wire, not yet checked. */
  onWire(message: unknown): void;
  onTold(message: PageMessage): void;
}

/** The ways to one window's page. */
export interface PageChannel {
  send(message: ServerMessage): void;
  tell(message: ShellMessage): void;
}

/**
 * The only code that touches ipcMain. Takes messages of the console's own page in the main frame of `currentWindow`
 * and refuses every other, with a problem where it waits for an answer, and a line in the log.
 *
 * @returns a function that ends the listening
 */
export function listenToPage(
  currentWindow: () => BrowserWindow | undefined,
  listeners: PageListeners,
  log: (line: string) => void,
): () => void {
  const fromOwnPage = (event: IpcMainEvent, message: unknown): boolean => {
    const reason = senderRefusal(event.senderFrame, currentWindow());
    if (reason === undefined) return true;
    log(`refused a message: ${reason}`);
    const exchange = waitingSchema.safeParse(message);
    if (exchange.success && event.senderFrame && !event.senderFrame.isDestroyed()) {
      const refusal: ServerMessage = { kind: 'problem', id: exchange.data.id, problem: notYours };
      event.senderFrame.send(ipcChannels.fromCore, refusal);
    }
    return false;
  };
  const wire = (event: IpcMainEvent, message: unknown) => {
    if (fromOwnPage(event, message)) listeners.onWire(message);
  };
  const told = (event: IpcMainEvent, message: unknown) => {
    if (!fromOwnPage(event, message)) return;
    const parsed = pageMessageSchema.safeParse(message);
    if (parsed.success) listeners.onTold(parsed.data);
    else log(`refused a message: ${z.prettifyError(parsed.error)}`);
  };
  ipcMain.on(ipcChannels.toCore, wire);
  ipcMain.on(ipcChannels.toShell, told);
  return () => {
    ipcMain.removeListener(ipcChannels.toCore, wire);
    ipcMain.removeListener(ipcChannels.toShell, told);
  };
}

/** Sends to the page of the window there is at the time; a message to a window that has gone is nobody's. */
export function pageChannel(currentWindow: () => BrowserWindow | undefined): PageChannel {
  const post = (channel: string, message: unknown) => {
    const window = currentWindow();
    if (window && !window.isDestroyed()) window.webContents.send(channel, message);
  };
  return {
    send: (message) => post(ipcChannels.fromCore, message),
    tell: (message) => post(ipcChannels.fromShell, message),
  };
}

const waitingSchema = z.object({ kind: z.literal('call'), id: z.int() });

const notYours = problem('FORBIDDEN', {
  title: 'This page may not use the console.',
  detail: 'Only the console’s own page, in the window’s main frame, may.',
}).problem;
