import { Object as DataType, Property } from 'fabric-contract-api';

/**
 * PENDING_PAYMENT → CONFIRMED → CHECKED_IN → COMPLETED. CANCELLED from the first two; EXPIRED when a booking
 * that was not paid in time had to make room for another.
 */
export type BookingState =
  'PENDING_PAYMENT' | 'CONFIRMED' | 'CHECKED_IN' | 'COMPLETED' | 'CANCELLED' | 'EXPIRED';

@DataType()
export class Booking {
  @Property() bookingId!: string;
  @Property() spotId!: string;
  @Property() userId!: string;
  /** Start, inclusive. */
  @Property() from!: string;
  /** End, exclusive. */
  @Property() to!: string;
  @Property() feeCents!: number;
  @Property('state', 'string') state!: BookingState;
  @Property() createdAt!: string;
  /** Until then the booking must be confirmed; afterwards it keeps nobody from the spot. */
  @Property() expiresAt!: string;
  @Property('paymentId', 'string') paymentId?: string;
  @Property('confirmedAt', 'string') confirmedAt?: string;
  @Property('checkedInAt', 'string') checkedInAt?: string;
  @Property('checkedOutAt', 'string') checkedOutAt?: string;
  @Property('cancelledAt', 'string') cancelledAt?: string;
  @Property('cancelReason', 'string') cancelReason?: string;
}

@DataType()
export class BookingPage {
  @Property('records', 'Booking[]') records!: Booking[];
  @Property() bookmark!: string;
  @Property() fetched!: number;
}

@DataType()
export class Availability {
  @Property() spotId!: string;
  @Property() from!: string;
  @Property() to!: string;
  @Property() available!: boolean;
  /** What a booking of this time would cost. */
  @Property() feeCents!: number;
  /** Bookings in the way, by id. */
  @Property('conflicts', 'string[]') conflicts!: string[];
}
