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

export function setTheme(value: Theme): void {
  write(THEME, value);
  toldOfChoice(value);
}

export const setDensity = (value: Density): void => write(DENSITY, value);

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
