import type { Tone } from '../ui/badge';
import { formatAge, plural } from '../ui/format';

const DAY_MS = 86_400_000;
/** Long enough to have a certificate renewed by a CA that is somebody else's. */
const SOON_MS = 30 * DAY_MS;

export interface Expiry {
  readonly tone: Tone;
  /** `expired 3 days ago`, `in 12 days`, `in 9 years`. */
  readonly words: string;
  readonly state: 'expired' | 'soon' | 'later';
}

/** @param expires ISO 8601 @param now milliseconds since 1970 */
export function expiryOf(expires: string, now: number): Expiry {
  const left = Date.parse(expires) - now;
  if (left <= 0) return { tone: 'danger', words: `expired ${span(-left)} ago`, state: 'expired' };
  if (left < SOON_MS) return { tone: 'warn', words: `in ${span(left)}`, state: 'soon' };
  return { tone: 'idle', words: `in ${span(left)}`, state: 'later' };
}

function span(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days >= 730) return plural(Math.floor(days / 365), 'year');
  if (days >= 60) return plural(Math.floor(days / 30), 'month');
  return days === 1 ? '1 day' : formatAge(ms);
}
