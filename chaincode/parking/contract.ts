import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { requireCaller, type Callers } from '../shared/access';
import { CityContract } from '../shared/city-contract';
import { transactionTime } from '../shared/clock';
import { readHistory } from '../shared/history';
import { OPERATOR, PARKING_OPERATOR, USER_SERVICE } from '../shared/network-names';
import { cents, Describe, id, label, labelOrAll, paging, text, time } from '../shared/parameters';
import { recordKey } from '../shared/records';
import type { Availability, Booking, BookingPage } from './booking';
import * as bookings from './bookings';
import type { Spot, SpotChange, SpotPage } from './spot';
import * as spots from './spots';
// For their effect: the types' decorators put them into the metadata.
import './booking';
import './spot';

export const VERSION = '1.0';

const OPERATORS: Callers = { mspIds: [PARKING_OPERATOR], role: OPERATOR };
const BOOKERS: Callers = { mspIds: [USER_SERVICE, PARKING_OPERATOR] };
const ATTENDANTS: Callers = { mspIds: [PARKING_OPERATOR] };

const spotId = id("The spot's id");
const bookingId = id("The booking's id");
const userId = id('The user who books');
const spotData = {
  spotId,
  zone: label('The zone of the city'),
  kind: label('What kind of spot it is, for example street, garage or accessible'),
  hourlyRateCents: cents('Price of an hour'),
};
const period = {
  from: time('Start'),
  to: time('End, not included'),
};

@Info({
  title: 'parking',
  version: VERSION,
  description:
    'Parking spots and their bookings, kept by ParkingOperator; two bookings of a spot never overlap',
})
export class ParkingContract extends CityContract {
  constructor() {
    super('parking');
  }

  @Describe('Registers a spot', spotData)
  @Transaction()
  @Returns('Spot')
  async RegisterSpot(
    ctx: Context,
    spotId: string,
    zone: string,
    kind: string,
    hourlyRateCents: number,
  ): Promise<Spot> {
    requireCaller(ctx, OPERATORS);
    return spots.registerSpot(ctx, transactionTime(ctx), { spotId, zone, kind, hourlyRateCents });
  }

  @Describe('Changes a spot; bookings keep the fee they were made for', spotData)
  @Transaction()
  @Returns('Spot')
  async UpdateSpot(
    ctx: Context,
    spotId: string,
    zone: string,
    kind: string,
    hourlyRateCents: number,
  ): Promise<Spot> {
    requireCaller(ctx, OPERATORS);
    return spots.updateSpot(ctx, transactionTime(ctx), { spotId, zone, kind, hourlyRateCents });
  }

  @Describe('Takes a spot out of service for new bookings, for good', { spotId })
  @Transaction()
  @Returns('Spot')
  async RetireSpot(ctx: Context, spotId: string): Promise<Spot> {
    requireCaller(ctx, OPERATORS);
    return spots.retireSpot(ctx, transactionTime(ctx), spotId);
  }

  @Describe('Returns a spot', { spotId })
  @Transaction(false)
  @Returns('Spot')
  async GetSpot(ctx: Context, spotId: string): Promise<Spot> {
    return spots.requireSpot(ctx, spotId);
  }

  @Describe('Lists the spots of a zone by id', { zone: labelOrAll('The zone, or empty for all'), ...paging })
  @Transaction(false)
  @Returns('SpotPage')
  async ListSpots(ctx: Context, zone: string, pageSize: number, bookmark: string): Promise<SpotPage> {
    return spots.listSpots(ctx, zone, pageSize, bookmark);
  }

  @Describe('Returns the changes of a spot, newest first', { spotId })
  @Transaction(false)
  @Returns('SpotChange[]')
  async GetSpotHistory(ctx: Context, spotId: string): Promise<SpotChange[]> {
    await spots.requireSpot(ctx, spotId);
    return readHistory<Spot>(ctx, recordKey(ctx, spots.SPOT, spotId));
  }

  @Describe('Tells whether a spot is free, and what it would cost', { spotId, ...period })
  @Transaction(false)
  @Returns('Availability')
  async CheckAvailability(ctx: Context, spotId: string, from: string, to: string): Promise<Availability> {
    return bookings.checkAvailability(ctx, transactionTime(ctx), spotId, from, to);
  }

  @Describe('Books a spot; the booking must be paid and confirmed within 15 minutes', {
    bookingId,
    spotId,
    userId,
    ...period,
  })
  @Transaction()
  @Returns('Booking')
  async CreateBooking(
    ctx: Context,
    bookingId: string,
    spotId: string,
    userId: string,
    from: string,
    to: string,
  ): Promise<Booking> {
    requireCaller(ctx, BOOKERS);
    return bookings.createBooking(ctx, transactionTime(ctx), { bookingId, spotId, userId, from, to });
  }

  @Describe('Confirms a booking whose fee is held or captured in wallet', {
    bookingId,
    paymentId: id('The payment of wallet, made for parking:<bookingId>'),
  })
  @Transaction()
  @Returns('Booking')
  async ConfirmBooking(ctx: Context, bookingId: string, paymentId: string): Promise<Booking> {
    requireCaller(ctx, BOOKERS);
    return bookings.confirmBooking(ctx, transactionTime(ctx), bookingId, paymentId);
  }

  @Describe('Cancels a booking before check-in', { bookingId, reason: text('Why the booking is cancelled') })
  @Transaction()
  @Returns('Booking')
  async CancelBooking(ctx: Context, bookingId: string, reason: string): Promise<Booking> {
    requireCaller(ctx, ATTENDANTS);
    return bookings.cancelBooking(ctx, transactionTime(ctx), bookingId, reason);
  }

  @Describe('Records that the driver has arrived', { bookingId })
  @Transaction()
  @Returns('Booking')
  async CheckIn(ctx: Context, bookingId: string): Promise<Booking> {
    requireCaller(ctx, ATTENDANTS);
    return bookings.checkIn(ctx, transactionTime(ctx), bookingId);
  }

  @Describe('Records that the driver has left', { bookingId })
  @Transaction()
  @Returns('Booking')
  async CheckOut(ctx: Context, bookingId: string): Promise<Booking> {
    requireCaller(ctx, ATTENDANTS);
    return bookings.checkOut(ctx, transactionTime(ctx), bookingId);
  }

  @Describe('Returns a booking', { bookingId })
  @Transaction(false)
  @Returns('Booking')
  async GetBooking(ctx: Context, bookingId: string): Promise<Booking> {
    return bookings.requireBooking(ctx, bookingId);
  }

  @Describe('Lists the bookings of a spot by their start', { spotId, ...paging })
  @Transaction(false)
  @Returns('BookingPage')
  async ListBookings(ctx: Context, spotId: string, pageSize: number, bookmark: string): Promise<BookingPage> {
    return bookings.listBookingsOfSpot(ctx, spotId, pageSize, bookmark);
  }

  @Describe('Lists the bookings of a user by their start', { userId, ...paging })
  @Transaction(false)
  @Returns('BookingPage')
  async ListBookingsByUser(
    ctx: Context,
    userId: string,
    pageSize: number,
    bookmark: string,
  ): Promise<BookingPage> {
    return bookings.listBookingsOfUser(ctx, userId, pageSize, bookmark);
  }
}
