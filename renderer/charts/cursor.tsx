import { createContext, use, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';

/** One moment that all charts show, and whether somebody is looking at it right now. */
export interface CursorStore {
  readonly subscribe: (listener: () => void) => () => void;
  /** Milliseconds since 1970; null: none, legends show the newest values. */
  readonly at: () => number | null;
  readonly set: (at: number | null) => void;
  /** A pointer moves over a chart, or a range is being drawn. */
  readonly isBusy: () => boolean;
  readonly setBusy: (busy: boolean) => void;
}

export function createCursor(): CursorStore {
  const listeners = new Set<() => void>();
  let at: number | null = null;
  let busy = false;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    at: () => at,
    set: (next) => {
      if (next === at) return;
      at = next;
      tell();
    },
    isBusy: () => busy,
    setBusy: (next) => {
      if (next === busy) return;
      busy = next;
      tell();
    },
  };
}

const Cursor = createContext<CursorStore | null>(null);

/** All charts within share one cursor; without a store of its caller, one of their own. */
export function SharedCursor({ store, children }: { store?: CursorStore; children: ReactNode }) {
  const [own] = useState(createCursor);
  return <Cursor value={store ?? own}>{children}</Cursor>;
}

export function useCursorStore(): CursorStore {
  const store = use(Cursor);
  if (!store) throw new Error('A chart stands outside of SharedCursor.');
  return store;
}

export const useCursorTime = (store: CursorStore): number | null =>
  useSyncExternalStore(store.subscribe, store.at);

export const useIsBusy = (store: CursorStore): boolean => useSyncExternalStore(store.subscribe, store.isBusy);
