import { useSyncExternalStore } from 'react';
import type { Identity } from '../../electron/api/models';
import { useIdentities } from './use-network';

const KEY = 'cityflow.acting';
const listeners = new Set<() => void>();
let chosen: string | null | undefined;

function read(): string | null {
  if (chosen === undefined) {
    try {
      chosen = localStorage.getItem(KEY);
    } catch {
      chosen = null;
    }
  }
  return chosen;
}

/** Acts as another identity from now on. Nothing is opened or closed: connections belong to nodes, not identities. */
export function actAs(id: string): void {
  chosen = id;
  try {
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

export function useActingIdentity(): Identity | undefined {
  const wanted = useSyncExternalStore(subscribe, read);
  const identities = useIdentities();
  return actingIdentity(identities.data ?? [], wanted);
}
