import type { WebContents } from 'electron';
import { isConsoleUrl } from './console-origin';

/**
 * Keeps a page where it is: it stays in the console's origin, opens no window and holds no <webview>. Applied to every
 * WebContents there will ever be. `openExternal` gets what was asked to open in a new window, and decides alone.
 */
export function confine(contents: WebContents, openExternal: (url: string) => void): void {
  // will-frame-navigate covers the main frame and every frame inside; will-navigate alone would miss the latter.
  contents.on('will-frame-navigate', (event) => {
    if (!isConsoleUrl(event.url)) event.preventDefault();
  });
  contents.on('will-navigate', (event) => {
    if (!isConsoleUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isConsoleUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openExternal(url);
    return { action: 'deny' };
  });
}
