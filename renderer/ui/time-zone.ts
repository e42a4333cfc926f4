import { useSyncExternalStore } from 'react';

export const zones = ['local', 'utc'] as const;
/** Whose clock the console's times are those of: whoever looks, or UTC. */
export type Zone = (typeof zones)[number];

const KEY = 'cityflow.times';
const listeners = new Set<() => void>();
let zone: Zone = remembered();

function remembered(): Zone {
  try {
    return localStorage.getItem(KEY) === 'utc' ? 'utc' : 'local';
  } catch {
    return 'local';
  }
}

export const currentZone = (): Zone => zone;

export function setZone(next: Zone): void {
  if (next === zone) return;
  zone = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // The settings know it: all that is lost is the first moment of the next start.
  }
  for (const listener of listeners) listener();
}

/** Draws again what shows times when the zone is another. */
export const useZone = (): Zone =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentZone);

/** A format of times that follows the zone; `Intl.DateTimeFormat` with everything but `timeZone`. */
export function zonedFormat(options: Intl.DateTimeFormatOptions): { format(at: Date | number): string } {
  const local = new Intl.DateTimeFormat('en-GB', options);
  const utc = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  return { format: (at) => (zone === 'utc' ? utc : local).format(at) };
}

/** Minutes that the zone's clock is behind UTC at a moment, as `Date.getTimezoneOffset`. */
export const zoneOffset = (at: number): number => (zone === 'utc' ? 0 : new Date(at).getTimezoneOffset());

/** Year, month and day in the zone: equal for two moments of one day. */
export const dayOf = (at: number): string => day.format(at);
const day = zonedFormat({ year: 'numeric', month: '2-digit', day: '2-digit' });
