import { useSyncExternalStore } from 'react';
import { clock } from './clock';
import { formatAge, formatDate, formatDuration, formatTime } from './format';
import { useZone } from './time-zone';

const SECOND_MS = 1_000;

/** The present, each `stepMs`; rests while the window is hidden. */
export function useNow(stepMs = SECOND_MS): number {
  return useSyncExternalStore(clock.subscribe, () => Math.floor(clock.now() / stepMs) * stepMs);
}

/** How old something is, ticking; the exact time on hover. Drawn when the words change, not each second. */
export function Age({ since, suffix = '' }: { since: string | number; suffix?: string }) {
  useZone();
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

/** Time of day, the date on hover; local or in UTC as the settings say. */
export function Moment({ at, dated = false }: { at: string; dated?: boolean }) {
  const zone = useZone();
  const day = formatDate(at);
  return (
    <time dateTime={at} title={`${day} ${formatTime(at)}${zone === 'utc' ? ' UTC' : ''}`}>
      {dated && `${day} `}
      {formatTime(at)}
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
