import type { Context } from 'fabric-contract-api';
import { isoTime } from '../shared/clock';
import { ContractError } from '../shared/errors';
import { functionName } from '../shared/invocation';
import { PARKING_OPERATOR } from '../shared/network-names';
import { readPage, type Page } from '../shared/paging';
import { provePayment } from '../shared/payment-proof';
import { emit, readRecord, recordKey, writeIndex, writeRecord } from '../shared/records';
import type { Availability, Booking, BookingState } from './booking';
import { Calendar, type Period } from './calendar';
import { bookablePeriod, bookingFee } from './period';
import { requireActiveSpot, requireSpot } from './spots';

const BOOKING = 'booking';
/** Indexes in the order of the bookings' start. */
const BOOKING_BY_SPOT = 'spot~booking';
const BOOKING_BY_USER = 'user~booking';

const MINUTE = 60 * 1000;
/** How long an unpaid booking keeps its spot. */
const PAYMENT_PERIOD = 15 * MINUTE;
/** How early a driver may arrive. */
const EARLY_ARRIVAL = 15 * MINUTE;

export type BookingRequest = Pick<Booking, 'bookingId' | 'spotId' | 'userId' | 'from' | 'to'>;

/** @throws ContractError BOOKING_NOT_FOUND */
export async function requireBooking(ctx: Context, bookingId: string): Promise<Booking> {
  const booking = await readRecord<Booking>(ctx, recordKey(ctx, BOOKING, bookingId));
  if (booking === undefined) throw new ContractError('BOOKING_NOT_FOUND', `there is no booking ${bookingId}`);
  return booking;
}

export async function checkAvailability(
  ctx: Context,
  now: number,
  spotId: string,
  fromText: string,
  toText: string,
): Promise<Availability> {
  const spot = await requireSpot(ctx, spotId);
  const period = bookablePeriod(fromText, toText, now);
  const conflicts = (await Calendar.read(ctx, spotId, period)).conflicts(period, now);
  return {
    spotId,
    from: isoTime(period.from),
    to: isoTime(period.to),
    available: spot.status === 'ACTIVE' && conflicts.length === 0,
    feeCents: bookingFee(spot, period),
    conflicts,
  };
}

export async function createBooking(ctx: Context, now: number, request: BookingRequest): Promise<Booking> {
  const { bookingId, spotId, userId } = request;
  if ((await readRecord(ctx, recordKey(ctx, BOOKING, bookingId))) !== undefined) {
    throw new ContractError('BOOKING_EXISTS', `booking ${bookingId} already exists`);
  }
  const spot = await requireActiveSpot(ctx, spotId);
  const period = bookablePeriod(request.from, request.to, now);
  const calendar = await Calendar.read(ctx, spotId, period);
  const conflicts = calendar.conflicts(period, now);
  if (conflicts.length > 0) {
    throw new ContractError('SPOT_NOT_AVAILABLE', `spot ${spotId} is taken by ${conflicts.join(', ')}`);
  }
  const booking: Booking = {
    bookingId,
    spotId,
    userId,
    from: isoTime(period.from),
    to: isoTime(period.to),
    feeCents: bookingFee(spot, period),
    state: 'PENDING_PAYMENT',
    createdAt: isoTime(now),
    expiresAt: isoTime(now + PAYMENT_PERIOD),
  };
  await expire(ctx, calendar.expired(now));
  await calendar.enter(ctx, booking, booking.expiresAt, now);
  await writeIndex(ctx, recordKey(ctx, BOOKING_BY_SPOT, spotId, booking.from, bookingId));
  await writeIndex(ctx, recordKey(ctx, BOOKING_BY_USER, userId, booking.from, bookingId));
  return save(ctx, 'BookingCreated', booking);
}

export async function confirmBooking(
  ctx: Context,
  now: number,
  bookingId: string,
  paymentId: string,
): Promise<Booking> {
  const booking = await requireBooking(ctx, bookingId);
  // A client that missed the answer repeats the call: nothing is left to do.
  if (booking.state === 'CONFIRMED' && booking.paymentId === paymentId) return booking;
  requireState(ctx, booking, ['PENDING_PAYMENT']);
  if (now >= Date.parse(booking.expiresAt)) {
    throw new ContractError(
      'BOOKING_EXPIRED',
      `booking ${bookingId} was not confirmed before ${booking.expiresAt}; release its payment and book again`,
    );
  }
  await provePayment(ctx, paymentId, {
    purpose: `parking:${bookingId}`,
    payeeMspId: PARKING_OPERATOR,
    userId: booking.userId,
    amountCents: booking.feeCents,
  });
  const confirmed: Booking = { ...booking, state: 'CONFIRMED', paymentId, confirmedAt: isoTime(now) };
  const calendar = await Calendar.read(ctx, booking.spotId, periodOf(booking));
  await expire(ctx, calendar.expired(now));
  await calendar.enter(ctx, confirmed, null, now);
  return save(ctx, 'BookingConfirmed', confirmed);
}

export async function cancelBooking(
  ctx: Context,
  now: number,
  bookingId: string,
  reason: string,
): Promise<Booking> {
  const booking = await requireBooking(ctx, bookingId);
  requireState(ctx, booking, ['PENDING_PAYMENT', 'CONFIRMED']);
  const calendar = await Calendar.read(ctx, booking.spotId, periodOf(booking));
  await calendar.remove(ctx, bookingId);
  return save(ctx, 'BookingCancelled', {
    ...booking,
    state: 'CANCELLED',
    cancelledAt: isoTime(now),
    cancelReason: reason,
  });
}

export async function checkIn(ctx: Context, now: number, bookingId: string): Promise<Booking> {
  const booking = await requireBooking(ctx, bookingId);
  requireState(ctx, booking, ['CONFIRMED']);
  const { from, to } = periodOf(booking);
  if (now < from - EARLY_ARRIVAL || now >= to) {
    throw new ContractError(
      'CHECK_IN_OUTSIDE_BOOKING',
      `booking ${bookingId} is from ${booking.from} to ${booking.to}; check-in opens 15 minutes before`,
    );
  }
  return save(ctx, 'CheckedIn', { ...booking, state: 'CHECKED_IN', checkedInAt: isoTime(now) });
}

export async function checkOut(ctx: Context, now: number, bookingId: string): Promise<Booking> {
  const booking = await requireBooking(ctx, bookingId);
  requireState(ctx, booking, ['CHECKED_IN']);
  return save(ctx, 'CheckedOut', { ...booking, state: 'COMPLETED', checkedOutAt: isoTime(now) });
}

export const listBookingsOfSpot = (
  ctx: Context,
  spotId: string,
  pageSize: number,
  bookmark: string,
): Promise<Page<Booking>> => listBookings(ctx, BOOKING_BY_SPOT, spotId, pageSize, bookmark);

export const listBookingsOfUser = (
  ctx: Context,
  userId: string,
  pageSize: number,
  bookmark: string,
): Promise<Page<Booking>> => listBookings(ctx, BOOKING_BY_USER, userId, pageSize, bookmark);

const listBookings = (
  ctx: Context,
  kind: string,
  of: string,
  pageSize: number,
  bookmark: string,
): Promise<Page<Booking>> =>
  readPage(ctx, { kind, attributes: [of] }, pageSize, bookmark, ({ attributes }) =>
    requireBooking(ctx, attributes[2] ?? ''),
  );

/**
 * Marks bookings that lost their place in the calendar. Times are claimed by submitters, so only this mark keeps
 * a later transaction that claims an earlier time from confirming them.
 */
async function expire(ctx: Context, bookingIds: readonly string[]): Promise<void> {
  for (const bookingId of bookingIds) {
    const booking = await requireBooking(ctx, bookingId);
    if (booking.state !== 'PENDING_PAYMENT') continue;
    await writeRecord(ctx, recordKey(ctx, BOOKING, bookingId), { ...booking, state: 'EXPIRED' });
  }
}

async function save(ctx: Context, event: string, booking: Booking): Promise<Booking> {
  await writeRecord(ctx, recordKey(ctx, BOOKING, booking.bookingId), booking);
  emit(ctx, event, booking);
  return booking;
}

function requireState(ctx: Context, booking: Booking, needed: readonly BookingState[]): void {
  if (needed.includes(booking.state)) return;
  throw new ContractError(
    'BOOKING_STATE',
    `booking ${booking.bookingId} is ${booking.state}, ${functionName(ctx)} needs ${needed.join(' or ')}`,
  );
}

const periodOf = (booking: Booking): Period => ({
  from: Date.parse(booking.from),
  to: Date.parse(booking.to),
});
