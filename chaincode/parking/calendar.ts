import type { Context } from 'fabric-contract-api';
import { isoTime } from '../shared/clock';
import { readRecord, recordKey, writeRecord } from '../shared/records';
import type { Booking } from './booking';

/**
 * Who has a spot when: for each spot and day one record that lists the bookings touching that day. A booking
 * reads and rewrites the record of each of its days, so of two bookings made at the same time for one day,
 * Fabric's version check lets only one commit – that, not the reads alone, is what keeps bookings from
 * overlapping.
 */
const CALENDAR = 'calendar';

const DAY = 24 * 60 * 60 * 1000;

interface Occupancy {
  readonly bookingId: string;
  readonly from: string;
  readonly to: string;
  /** Until when an unpaid booking keeps the spot; null once confirmed. */
  readonly expiresAt: string | null;
}

interface CalendarDay {
  readonly key: string;
  readonly bookings: readonly Occupancy[];
}

/** A span of time in milliseconds since 1970, its end exclusive. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** The calendar of one spot for all days of a period, as committed. */
export class Calendar {
  private constructor(private readonly days: readonly CalendarDay[]) {}

  static async read(ctx: Context, spotId: string, period: Period): Promise<Calendar> {
    const days: CalendarDay[] = [];
    for (let day = Math.floor(period.from / DAY) * DAY; day < period.to; day += DAY) {
      const key = recordKey(ctx, CALENDAR, spotId, isoTime(day).slice(0, 10));
      days.push({ key, bookings: (await readRecord<Occupancy[]>(ctx, key)) ?? [] });
    }
    return new Calendar(days);
  }

  /** Ids of the bookings that keep the spot at any moment of the period. */
  conflicts(period: Period, now: number): string[] {
    return this.bookingIds(
      (booking) =>
        !isExpired(booking, now) &&
        Date.parse(booking.from) < period.to &&
        Date.parse(booking.to) > period.from,
    );
  }

  /** Ids of the bookings that were not paid in time and whose place a rewrite of these days takes. */
  expired(now: number): string[] {
    return this.bookingIds((booking) => isExpired(booking, now));
  }

  /** Enters the booking on all days, in place of any earlier entry of it, and drops the expired ones. */
  async enter(ctx: Context, booking: Booking, expiresAt: string | null, now: number): Promise<void> {
    const { bookingId, from, to } = booking;
    await this.rewrite(ctx, (bookings) => [
      ...without(bookings, bookingId).filter((other) => !isExpired(other, now)),
      { bookingId, from, to, expiresAt },
    ]);
  }

  async remove(ctx: Context, bookingId: string): Promise<void> {
    await this.rewrite(ctx, (bookings) => without(bookings, bookingId));
  }

  private async rewrite(
    ctx: Context,
    change: (bookings: readonly Occupancy[]) => readonly Occupancy[],
  ): Promise<void> {
    for (const { key, bookings } of this.days) {
      const changed = [...change(bookings)].sort((left, right) => (left.from < right.from ? -1 : 1));
      if (changed.length > 0) await writeRecord(ctx, key, changed);
      else if (bookings.length > 0) await ctx.stub.deleteState(key);
    }
  }

  private bookingIds(wanted: (booking: Occupancy) => boolean): string[] {
    return [
      ...new Set(
        this.days.flatMap(({ bookings }) => bookings.filter(wanted).map(({ bookingId }) => bookingId)),
      ),
    ];
  }
}

const without = (bookings: readonly Occupancy[], bookingId: string): Occupancy[] =>
  bookings.filter((booking) => booking.bookingId !== bookingId);

const isExpired = (booking: Occupancy, now: number): boolean =>
  booking.expiresAt !== null && Date.parse(booking.expiresAt) <= now;
