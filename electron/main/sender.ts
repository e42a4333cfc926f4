import type { BrowserWindow, WebFrameMain } from 'electron';
import { isConsoleUrl } from './console-origin';

/** Why a message is not taken; undefined for one of the console's own page in the window's main frame. */
export function senderRefusal(
  frame: WebFrameMain | null,
  window: BrowserWindow | undefined,
): string | undefined {
  if (!frame) return 'its frame is gone';
  if (!window || window.isDestroyed()) return 'it comes from no window of the console';
  if (frame !== window.webContents.mainFrame) return `it comes from a frame inside the page: ${frame.url}`;
  if (!isConsoleUrl(frame.url)) return `it comes from ${frame.url}`;
  return undefined;
}
