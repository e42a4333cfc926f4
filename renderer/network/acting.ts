import { useSyncExternalStore } from 'react';
import type { Identity } from '../../electron/api/models';
import { useSettings } from './settings';
import { useIdentities } from './use-network';

const KEY = 'cityflow.acting';
const listeners = new Set<() => void>();
const chosenHere = new Map<string, string>();

/** Storage may be forbidden: then a choice lasts as long as the window. */
function stored(storage: 'localStorage' | 'sessionStorage'): string | null {
  try {
    return window[storage].getItem(KEY);
  } catch {
    return null;
  }
}

/** Chosen in this window, also before it was loaded anew. */
const readHere = (): string | null => chosenHere.get(KEY) ?? stored('sessionStorage');
/** Chosen in any window, the last time. */
const readLast = (): string | null => stored('localStorage');

/** Acts as another identity from now on. Nothing is opened or closed: connections belong to nodes, not identities. */
export function actAs(id: string): void {
  chosenHere.set(KEY, id);
  try {
    sessionStorage.setItem(KEY, id);
    localStorage.setItem(KEY, id);
  } catch {
    // It is kept for as long as the window.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Those with attributes of their own first: they are made for the contracts, and acted as most. */
export function inActingOrder(identities: readonly Identity[]): readonly Identity[] {
  const made = ({ attributes }: Identity) => 'role' in attributes;
  return [...identities.filter(made), ...identities.filter((identity) => !made(identity))];
}

const KEYS = 9;

/** The keys 1 to 9 that act as the first nine. */
export const actingKeys = (identities: readonly Identity[]): ReadonlyMap<string, string> =>
  new Map(
    inActingOrder(identities)
      .slice(0, KEYS)
      .map(({ id }, index) => [id, String(index + 1)]),
  );

/**
 * Who transactions are signed by. Until somebody chose, the first identity with attributes of its own (those are made
 * for the contracts), else the first.
 */
export function actingIdentity(identities: readonly Identity[], wanted: string | null): Identity | undefined {
  return (
    identities.find(({ id }) => id === wanted) ??
    identities.find(({ attributes }) => 'role' in attributes) ??
    identities[0]
  );
}

/** The one chosen in this window; at first the one the settings name, else the one acted as last. */
export function useActingIdentity(): Identity | undefined {
  const here = useSyncExternalStore(subscribe, readHere);
  const settings = useSettings();
  const identities = useIdentities();
  return actingIdentity(identities.data ?? [], here ?? settings.data?.actingIdentity ?? readLast());
}
