import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const densities = ['compact', 'comfortable'] as const;
export type Density = (typeof densities)[number];

/** The same keys as in renderer/public/theme.js, which runs before the first paint. */
const THEME = 'cityflow.theme';
const DENSITY = 'cityflow.density';

const listeners = new Set<() => void>();

/** Storage may be forbidden: then the choice lasts as long as the window. */
const remembered = new Map<string, string>();
function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? remembered.get(key) ?? null;
  } catch {
    return remembered.get(key) ?? null;
  }
}

function write(key: string, value: string): void {
  remembered.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // Remembered above: all that is lost is the next start.
  }
  apply();
}

function apply(): void {
  const dataset = document.documentElement.dataset;
  dataset['theme'] = resolvedTheme();
  dataset['density'] = density();
  for (const listener of listeners) listener();
}

const isOneOf = <T extends string>(values: readonly T[], value: string | null): value is T =>
  values.some((candidate) => candidate === value);

function theme(): Theme {
  const value = read(THEME);
  return isOneOf(themes, value) ? value : 'system';
}

function density(): Density {
  const value = read(DENSITY);
  return isOneOf(densities, value) ? value : 'compact';
}

const systemDark = () => matchMedia('(prefers-color-scheme: dark)');

/** What is painted: `system` follows the operating system. */
export function resolvedTheme(): 'light' | 'dark' {
  const chosen = theme();
  if (chosen !== 'system') return chosen;
  return systemDark().matches ? 'dark' : 'light';
}

/** Told of each choice besides the page itself: the desktop app's shell, whose frame and menus follow. */
let toldOfChoice: (theme: Theme) => void = () => undefined;
export const onThemeChosen = (listener: (theme: Theme) => void): void => {
  toldOfChoice = listener;
};

/** What somebody chose in this window, or what the settings say, which all consoles share. */
export interface Look {
  readonly theme: Theme;
  readonly density: Density;
}

const choiceListeners = new Set<(choice: Partial<Look>) => void>();
/** Hears each choice made in this window, wherever it was made: it is a setting of all consoles. */
export function onLookChosen(listener: (choice: Partial<Look>) => void): () => void {
  choiceListeners.add(listener);
  return () => choiceListeners.delete(listener);
}
const choose = (choice: Partial<Look>) => {
  for (const listener of choiceListeners) listener(choice);
};

export function setTheme(value: Theme): void {
  write(THEME, value);
  toldOfChoice(value);
  choose({ theme: value });
}

export function setDensity(value: Density): void {
  write(DENSITY, value);
  choose({ density: value });
}

/** Takes over what the settings say. */
export function adoptLook(look: Look): void {
  if (look.density !== density()) write(DENSITY, look.density);
  if (look.theme === theme()) return;
  write(THEME, look.theme);
  toldOfChoice(look.theme);
}

/** Follows the operating system and other windows until the returned function is called. */
export function watchTheme(): () => void {
  const system = systemDark();
  const stored = (event: StorageEvent) => {
    if (event.key === THEME || event.key === DENSITY) apply();
  };
  system.addEventListener('change', apply);
  window.addEventListener('storage', stored);
  apply();
  return () => {
    system.removeEventListener('change', apply);
    window.removeEventListener('storage', stored);
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme);
export const useDensity = (): Density => useSyncExternalStore(subscribe, density);
