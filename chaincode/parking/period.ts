import { CLOCK_TOLERANCE, parseIsoTime } from '../shared/clock';
import { ContractError } from '../shared/errors';
import { priceCents } from '../shared/money';
import type { Period } from './calendar';
import type { Spot } from './spot';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Bounds of a booking: a short one costs a calendar entry as a long one does, a long one touches many days. */
const SHORTEST = 5 * MINUTE;
const LONGEST = 7 * DAY;
const FURTHEST = 366 * DAY;

/** @throws ContractError INVALID_ARGUMENT for what is no time, INVALID_PERIOD for what cannot be booked */
export function bookablePeriod(fromText: string, toText: string, now: number): Period {
  const from = parseIsoTime('from', fromText);
  const to = parseIsoTime('to', toText);
  if (to - from < SHORTEST || to - from > LONGEST) {
    throw new ContractError('INVALID_PERIOD', 'a booking lasts from five minutes to seven days');
  }
  // A client's "now" is a moment older than its transaction.
  if (from < now - CLOCK_TOLERANCE) throw new ContractError('INVALID_PERIOD', `${fromText} has passed`);
  if (from > now + FURTHEST)
    throw new ContractError('INVALID_PERIOD', `${fromText} is more than a year ahead`);
  return { from, to };
}

/** The fee in cents, to the millisecond, rounded up to the next cent. */
export const bookingFee = (spot: Spot, period: Period): number =>
  priceCents(period.to - period.from, spot.hourlyRateCents, HOUR);
