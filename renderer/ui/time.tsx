import { useEffect, useState } from 'react';
import { formatAge, formatDate, formatDuration, formatTime } from './format';

const TICK_MS = 1_000;

/** The present, once a second; rests while the window is hidden. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How old something is, ticking; the exact time on hover. */
export function Age({ since, suffix = '' }: { since: string | number; suffix?: string }) {
  const now = useNow();
  const time = new Date(since);
  return (
    <time
      dateTime={time.toISOString()}
      title={`${formatDate(time.toISOString())} ${formatTime(time.toISOString())}`}
    >
      {formatAge(now - time.getTime())}
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
  return <>{formatDuration(Math.max(1_000, Math.floor((now - Date.parse(from)) / 1_000) * 1_000))}</>;
}
