import { useEffect, useEffectEvent, useState } from 'react';
import { createCursor } from '../../charts/cursor';
import type { CursorStore } from '../../charts/cursor';

/** The address follows a cursor that stands still, not one that moves. */
const STANDS_MS = 400;

/** A cursor whose place is in the address. */
export function useCursorInAddress(
  at: string | undefined,
  onMove: (at: string | undefined) => void,
): CursorStore {
  const [store] = useState(createCursor);
  const move = useEffectEvent(onMove);
  useEffect(() => {
    store.set(at === undefined ? null : Date.parse(at));
  }, [store, at]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = store.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const now = store.at();
        move(now === null ? undefined : new Date(now).toISOString());
      }, STANDS_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store]);
  return store;
}
