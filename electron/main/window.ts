import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import { CONSOLE_URL } from './console-origin';
import type { ShellMemory } from './memory';
import { MINIMUM, placeWindow } from './window-state';
import type { Placement } from './window-state';

export const WINDOW_TITLE = 'CityFlow Operations Console';

/** --bg of the design tokens: what the window shows until the page has painted. */
export const backgrounds = { light: '#f5f6f8', dark: '#0d1015' } as const;

/**
 * What the page may do, said in full instead of left to defaults that have changed before. Switches that can only
 * weaken a page are not named: nothing but their default is wanted.
 */
export const webPreferences = (preload: string): WebPreferences => ({
  preload,
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  // Its dictionaries are downloaded.
  spellcheck: false,
});

export function windowOptions(
  placement: Placement,
  dark: boolean,
  preload: string,
): BrowserWindowConstructorOptions {
  return {
    ...placement.bounds,
    minWidth: MINIMUM.width,
    minHeight: MINIMUM.height,
    title: WINDOW_TITLE,
    backgroundColor: dark ? backgrounds.dark : backgrounds.light,
    // Shown when the page has painted for the first time: no white flash.
    show: false,
    webPreferences: webPreferences(preload),
  };
}

/** Opens the console's window where it was, in its theme, and keeps its place in memory. */
export function openWindow(memory: ShellMemory, preload: string): BrowserWindow {
  const { window: kept, theme } = memory.get();
  nativeTheme.themeSource = theme;
  const placement = placeWindow(
    kept,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow(windowOptions(placement, nativeTheme.shouldUseDarkColors, preload));
  if (placement.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    memory.remember({ window: { bounds: window.getNormalBounds(), maximized: window.isMaximized() } });
  });
  void window.loadURL(CONSOLE_URL);
  return window;
}
