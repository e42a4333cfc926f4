import { useSyncExternalStore } from 'react';
import { clock } from './clock';
import { formatAge, formatDate, formatDuration, formatTime } from './format';

const SECOND_MS = 1_000;

/** The present, each `stepMs`; rests while the window is hidden. */
export function useNow(stepMs = SECOND_MS): number {
  return useSyncExternalStore(clock.subscribe, () => Math.floor(clock.now() / stepMs) * stepMs);
}

/** How old something is, ticking; the exact time on hover. Drawn when the words change, not each second. */
export function Age({ since, suffix = '' }: { since: string | number; suffix?: string }) {
  const time = new Date(since);
  const age = useSyncExternalStore(clock.subscribe, () => formatAge(clock.now() - time.getTime()));
  return (
    <time
      dateTime={time.toISOString()}
      title={`${formatDate(time.toISOString())} ${formatTime(time.toISOString())}`}
    >
      {age}
      {suffix}
    </time>
  );
}

/** Time between two moments; to the present, ticking, while `to` is null. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  return to === null ? <Ticking from={from} /> : <>{formatDuration(Date.parse(to) - Date.parse(from))}</>;
}

function Ticking({ from }: { from: string }) {
  const now = useNow();
  return (
    <>{formatDuration(Math.max(SECOND_MS, Math.floor((now - Date.parse(from)) / SECOND_MS) * SECOND_MS))}</>
  );
}
