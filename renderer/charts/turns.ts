import { useEffect, useState } from 'react';

const waiting = new Map<object, () => void>();
let scheduled = false;

function next(): void {
  const first = waiting.entries().next();
  if (!first.done) {
    const [who, run] = first.value;
    waiting.delete(who);
    run();
  }
  scheduled = waiting.size > 0;
  if (scheduled) requestAnimationFrame(next);
}

/**
 * The value, as soon as it is this component's turn: one of all that wait is let through in each frame, so that many
 * charts that get new data at once never take a long frame. Undefined before the first turn.
 */
export function useTurn<T>(value: T): T | undefined {
  const [shown, setShown] = useState<{ readonly value: T }>();
  const [who] = useState(() => ({}));
  useEffect(() => {
    waiting.set(who, () => setShown({ value }));
    if (!scheduled) {
      scheduled = true;
      requestAnimationFrame(next);
    }
    return () => void waiting.delete(who);
  }, [who, value]);
  return shown?.value;
}
