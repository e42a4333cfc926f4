import { City } from '../simulation/city';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Availability, Booking } from './booking';
import type { Spot, SpotChange } from './spot';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let city: City;
beforeEach(async () => {
  city = new City();
  await prepare();
});
afterEach(() => {
  vi.useRealTimers();
});

async function prepare(): Promise<void> {
  await city.submit('parkingOperator', 'parking', 'RegisterSpot', 's1', 'mitte', 'street', 250);
  await city.submit('registrar', 'wallet', 'OpenWallet', 'ada');
  await city.submit('registrar', 'wallet', 'TopUp', 't1', 'ada', 1_000_000);
}

const book = (bookingId: string, from: number, to: number, spotId = 's1'): Promise<Booking> =>
  city.submit('registrar', 'parking', 'CreateBooking', bookingId, spotId, 'ada', city.at(from), city.at(to));

const pay = (paymentId: string, booking: Booking): Promise<unknown> =>
  city.submit(
    'parkingOperator',
    'wallet',
    'HoldPayment',
    paymentId,
    'ada',
    'ParkingOperatorMSP',
    booking.feeCents,
    `parking:${booking.bookingId}`,
  );

const confirm = (bookingId: string, paymentId: string): Promise<Booking> =>
  city.submit('parkingOperator', 'parking', 'ConfirmBooking', bookingId, paymentId);

const stateOf = async (bookingId: string): Promise<string> =>
  (await city.evaluate<Booking>('auditor', 'parking', 'GetBooking', bookingId)).state;

describe('a spot', () => {
  it('is listed by zone, updated, retired, and tells its history', async () => {
    for (const spotId of ['s2', 's3', 's4']) {
      await city.submit('parkingOperator', 'parking', 'RegisterSpot', spotId, 'nord', 'garage', 100);
    }
    await city.submit('parkingOperator', 'parking', 'UpdateSpot', 's2', 'mitte', 'garage', 120);
    const ids = async (zone: string): Promise<string[]> =>
      (await city.all<Spot>('parking', 'ListSpots', [zone], 2)).map(({ spotId }) => spotId);
    expect(await ids('')).toEqual(['s1', 's2', 's3', 's4']);
    expect(await ids('mitte')).toEqual(['s1', 's2']);
    expect(await ids('nord')).toEqual(['s3', 's4']);
    expect(await city.evaluate('auditor', 'parking', 'ListSpots', 'nowhere', 5, '')).toEqual({
      records: [],
      bookmark: '',
      fetched: 0,
    });
    await city.submit('parkingOperator', 'parking', 'RetireSpot', 's2');
    await expect(book('b1', HOUR, 2 * HOUR, 's2')).rejects.toThrow('SPOT_RETIRED: spot s2 is retired');
    const history = await city.evaluate<SpotChange[]>('auditor', 'parking', 'GetSpotHistory', 's2');
    expect(history.map(({ value }) => [value?.status, value?.hourlyRateCents])).toEqual([
      ['RETIRED', 120],
      ['ACTIVE', 120],
      ['ACTIVE', 100],
    ]);
  });

  it('refuses what it does not know or knows already', async () => {
    await expect(city.evaluate('auditor', 'parking', 'GetSpot', 'nowhere')).rejects.toThrow(
      'SPOT_NOT_FOUND: there is no spot nowhere',
    );
    await expect(
      city.submit('parkingOperator', 'parking', 'RegisterSpot', 's1', 'mitte', 'street', 1),
    ).rejects.toThrow(/^SPOT_EXISTS: /);
  });
});

describe('a booking', () => {
  it('costs its time, rounded up to the cent, and keeps the spot from others', async () => {
    const booking = await book('b1', HOUR, 3 * HOUR + 1);
    expect(booking).toMatchObject({
      state: 'PENDING_PAYMENT',
      feeCents: 501,
      expiresAt: city.at(15 * MINUTE),
    });
    await expect(book('b2', 2 * HOUR, 4 * HOUR)).rejects.toThrow(
      'SPOT_NOT_AVAILABLE: spot s1 is taken by b1',
    );
    const taken = await city.evaluate<Availability>(
      'auditor',
      'parking',
      'CheckAvailability',
      's1',
      city.at(HOUR),
      city.at(2 * HOUR),
    );
    expect(taken).toMatchObject({ available: false, conflicts: ['b1'], feeCents: 250 });
    await book('b3', 3 * HOUR + 1, 4 * HOUR);
  });

  it.each([
    ['ends before it starts', 2 * HOUR, HOUR],
    ['is too short', HOUR, HOUR + MINUTE],
    ['is too long', HOUR, 8 * DAY],
    ['has passed', -HOUR, HOUR],
    ['is too far away', 400 * DAY, 401 * DAY],
  ])('is refused when it %s', async (_, from, to) => {
    await expect(book('b1', from, to)).rejects.toThrow(/^INVALID_PERIOD: /);
  });

  it('is refused for a day that does not exist', async () => {
    await expect(
      city.submit(
        'registrar',
        'parking',
        'CreateBooking',
        'b1',
        's1',
        'ada',
        '2027-02-30T08:00:00Z',
        '2027-03-01T08:00:00Z',
      ),
    ).rejects.toThrow(/^INVALID_ARGUMENT: from must be a time/);
  });

  it('makes room when it was not paid in time, and cannot be confirmed any more', async () => {
    const late = await book('late', 20 * HOUR, 30 * HOUR);
    await pay('p1', late);
    city.pass(15 * MINUTE);
    await expect(confirm('late', 'p1')).rejects.toThrow(/^BOOKING_EXPIRED: /);
    await book('next', 19 * HOUR, 21 * HOUR);
    expect(await stateOf('late')).toBe('EXPIRED');
    await expect(confirm('late', 'p1')).rejects.toThrow(/^BOOKING_STATE: booking late is EXPIRED/);
  });

  it('cannot be confirmed by claiming an earlier time once another has its place', async () => {
    const late = await book('late', 20 * HOUR, 30 * HOUR);
    await pay('p1', late);
    const intruder = await city.simulate(
      'registrar',
      'parking',
      'CreateBooking',
      ['next', 's1', 'ada', city.at(21 * HOUR), city.at(22 * HOUR)],
      city.now,
    );
    expect(intruder.message).toMatch(/^SPOT_NOT_AVAILABLE/);
    city.pass(12 * MINUTE);
    const early = city.now + 4 * MINUTE;
    const displacing = await city.simulate(
      'registrar',
      'parking',
      'CreateBooking',
      ['next', 's1', 'ada', city.at(21 * HOUR), city.at(22 * HOUR)],
      early,
    );
    const confirming = await city.simulate('parkingOperator', 'parking', 'ConfirmBooking', ['late', 'p1']);
    expect(confirming.status).toBe(200);
    expect(city.commit('parking', [displacing, confirming])).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
    await expect(confirm('late', 'p1')).rejects.toThrow(/^BOOKING_STATE: /);
  });

  it('is confirmed only by a payment for it, and then once and for all', async () => {
    const b1 = await book('b1', HOUR, 2 * HOUR);
    const b2 = await book('b2', 2 * HOUR, 3 * HOUR);
    await pay('p2', b2);
    await expect(confirm('b1', 'p1')).rejects.toThrow(/^PAYMENT_NOT_VISIBLE: payment p1 .*retryable/);
    await expect(confirm('b1', 'p2')).rejects.toThrow(
      'PAYMENT_MISMATCH: payment p2: purpose is parking:b2, needed is parking:b1',
    );
    await pay('p1', b1);
    const confirmed = await confirm('b1', 'p1');
    expect(confirmed).toMatchObject({ state: 'CONFIRMED', paymentId: 'p1' });
    expect(await confirm('b1', 'p1')).toEqual(confirmed);
    await expect(confirm('b1', 'p2')).rejects.toThrow(/^BOOKING_STATE: /);
    city.pass(16 * MINUTE);
    await expect(book('b3', 45 * MINUTE, 60 * MINUTE)).rejects.toThrow(/^SPOT_NOT_AVAILABLE: /);
  });

  it('is not confirmed by a payment that was given back, or is too small', async () => {
    const booking = await book('b1', HOUR, 2 * HOUR);
    await pay('p1', booking);
    await city.submit('parkingOperator', 'wallet', 'ReleasePayment', 'p1', 'changed my mind');
    await expect(confirm('b1', 'p1')).rejects.toThrow(
      'PAYMENT_STATE: payment p1 is RELEASED, needed is HELD or CAPTURED',
    );
    await pay('p2', { ...booking, feeCents: booking.feeCents - 1 });
    await expect(confirm('b1', 'p2')).rejects.toThrow(
      /^PAYMENT_MISMATCH: payment p2: amountCents is 249, needed is 250/,
    );
  });

  it('says when an endorser has no wallet channel', async () => {
    await book('b1', HOUR, 2 * HOUR);
    city.ledgers.delete('wallet-channel');
    await expect(confirm('b1', 'p1')).rejects.toThrow(
      /^WALLET_UNAVAILABLE: .*failed to find ledger.*retryable/,
    );
  });

  it('runs from arrival to departure', async () => {
    const booking = await book('b1', HOUR, 2 * HOUR);
    await pay('p1', booking);
    await expect(city.submit('parkingUser', 'parking', 'CheckIn', 'b1')).rejects.toThrow(/^BOOKING_STATE: /);
    await confirm('b1', 'p1');
    await expect(city.submit('parkingUser', 'parking', 'CheckIn', 'b1')).rejects.toThrow(
      /^CHECK_IN_OUTSIDE_BOOKING: /,
    );
    city.pass(50 * MINUTE);
    await city.submit('parkingUser', 'parking', 'CheckIn', 'b1');
    await expect(city.submit('parkingUser', 'parking', 'CancelBooking', 'b1', 'late')).rejects.toThrow(
      /^BOOKING_STATE: /,
    );
    city.pass(HOUR);
    expect(await city.submit('parkingUser', 'parking', 'CheckOut', 'b1')).toMatchObject({
      state: 'COMPLETED',
    });
  });

  it('gives its time back when cancelled', async () => {
    await book('b1', HOUR, 2 * DAY);
    await city.submit('parkingUser', 'parking', 'CancelBooking', 'b1', 'rain');
    await book('b2', HOUR, 2 * DAY);
    const listed = await city.all<Booking>('parking', 'ListBookings', ['s1'], 1);
    expect(listed.map(({ bookingId, state }) => [bookingId, state])).toEqual([
      ['b1', 'CANCELLED'],
      ['b2', 'PENDING_PAYMENT'],
    ]);
    expect(await city.all<Booking>('parking', 'ListBookingsByUser', ['ada'], 1)).toEqual(listed);
  });
});

describe('the bookings of a spot', () => {
  const quarter = 15 * MINUTE;
  const bookingId = fc.constantFrom('b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8');
  const call = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        name: fc.constant('CreateBooking' as const),
        bookingId,
        start: fc.integer({ min: 1, max: 160 }),
        length: fc.integer({ min: 1, max: 120 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ name: fc.constant('ConfirmBooking' as const), bookingId }) },
    {
      weight: 1,
      arbitrary: fc.record({
        name: fc.constantFrom('CancelBooking' as const, 'CheckIn' as const, 'CheckOut' as const),
        bookingId,
      }),
    },
  );
  /** Claimed times vary within what endorsers tolerate; calls of one block are simulated on the same state. */
  const skew = fc.integer({ min: -4, max: 4 }).map((minutes) => minutes * MINUTE);
  const block = fc.record({
    wait: fc.constantFrom(0, MINUTE, quarter, 3 * HOUR),
    calls: fc.array(fc.tuple(call, skew), { minLength: 1, maxLength: 5 }),
  });

  it('never overlap, whatever is called at the same time', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 5, maxLength: 15 }), async (blocks) => {
        city = new City();
        await prepare();
        const start = Math.ceil(city.now / quarter) * quarter;
        for (const { wait, calls } of blocks) {
          city.pass(wait);
          const simulations = [];
          for (const [made, claimed] of calls) {
            const simulation = await simulateCall(made, start, city.now + claimed);
            seen.add(simulation.message.split(':')[0] ?? '');
            if (simulation.status < 400) simulations.push(simulation);
          }
          city.commit('parking', simulations).forEach((code) => seen.add(code));
          await expectNoOverlap(Math.max(...calls.map(([, claimed]) => claimed)) + city.now);
        }
      }),
      { numRuns: 25 },
    );
    for (const outcome of [
      'VALID',
      'MVCC_READ_CONFLICT',
      'SPOT_NOT_AVAILABLE',
      'BOOKING_EXISTS',
      'BOOKING_EXPIRED',
      'BOOKING_STATE',
    ]) {
      expect(seen).toContain(outcome);
    }
  }, 120_000);

  type Made = typeof call extends fc.Arbitrary<infer T> ? T : never;

  async function simulateCall(made: Made, start: number, claimed: number): ReturnType<City['simulate']> {
    if (made.name === 'CreateBooking') {
      const from = start + made.start * quarter;
      const period = [from, from + made.length * quarter].map((moment) => new Date(moment).toISOString());
      return city.simulate(
        'registrar',
        'parking',
        made.name,
        [made.bookingId, 's1', 'ada', ...period],
        claimed,
      );
    }
    if (made.name === 'CancelBooking') {
      return city.simulate('parkingOperator', 'parking', made.name, [made.bookingId, 'x'], claimed);
    }
    if (made.name !== 'ConfirmBooking') {
      return city.simulate('parkingOperator', 'parking', made.name, [made.bookingId], claimed);
    }
    const found = await city.simulate('auditor', 'parking', 'GetBooking', [made.bookingId]);
    if (found.status < 400) await pay(`pay-${made.bookingId}`, found.result as Booking);
    return city.simulate(
      'registrar',
      'parking',
      made.name,
      [made.bookingId, `pay-${made.bookingId}`],
      claimed,
    );
  }

  /** Bookings that have the spot: paid for, or still to be paid by anybody's clock. */
  async function expectNoOverlap(latest: number): Promise<void> {
    const bookings = await city.all<Booking>('parking', 'ListBookings', ['s1'], 100);
    const having = bookings.filter(
      ({ state, expiresAt }) =>
        ['CONFIRMED', 'CHECKED_IN', 'COMPLETED'].includes(state) ||
        (state === 'PENDING_PAYMENT' && Date.parse(expiresAt) > latest),
    );
    const sorted = having.sort((left, right) => Date.parse(left.from) - Date.parse(right.from));
    sorted.forEach((booking, index) => {
      const next = sorted[index + 1];
      if (next !== undefined) expect(Date.parse(booking.to)).toBeLessThanOrEqual(Date.parse(next.from));
    });
  }
});
