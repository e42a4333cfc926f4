import { City } from '../simulation/city';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IdentityName } from '../simulation/identities';
import type { Entry, Wallet } from './account';
import type { Payment } from './payment';

const HOUR = 60 * 60 * 1000;
const PARKING = 'ParkingOperatorMSP';
const CHARGING = 'ChargingStationMSP';

let city: City;
beforeEach(() => {
  city = new City();
});
afterEach(() => {
  vi.useRealTimers();
});

async function fundedWallet(userId = 'ada', cents = 1000): Promise<void> {
  await city.submit('registrar', 'wallet', 'OpenWallet', userId);
  await city.submit('registrar', 'wallet', 'TopUp', `topup-${userId}`, userId, cents);
}

const hold = (paymentId = 'p1', cents = 400): Promise<Payment> =>
  city.submit('parkingOperator', 'wallet', 'HoldPayment', paymentId, 'ada', PARKING, cents, 'parking:b1');

const balance = async (userId = 'ada'): Promise<number> =>
  (await city.evaluate<Wallet>('auditor', 'wallet', 'GetWallet', userId)).balanceCents;

describe('a payment', () => {
  beforeEach(() => fundedWallet());

  it('is held, then captured as one entry of income', async () => {
    const held = await hold();
    expect(held).toMatchObject({ state: 'HELD', expiresAt: city.at(24 * HOUR) });
    expect(await balance()).toBe(600);
    await city.submit('parkingOperator', 'wallet', 'CapturePayment', 'p1');
    expect(await city.all<Entry>('wallet', 'ListEntries', [PARKING])).toEqual([
      { account: PARKING, kind: 'CAPTURE', amountCents: 400, reference: 'p1', time: city.at(0) },
    ]);
    expect(await balance()).toBe(600);
  });

  it('is given back when released or refunded', async () => {
    await hold('p1');
    await hold('p2');
    await city.submit('parkingOperator', 'wallet', 'ReleasePayment', 'p1', 'booking failed');
    expect(await balance()).toBe(600);
    await city.submit('parkingOperator', 'wallet', 'CapturePayment', 'p2');
    await city.submit('parkingOperator', 'wallet', 'RefundPayment', 'p2', 'spot was blocked');
    expect(await balance()).toBe(1000);
    const entries = await city.all<Entry>('wallet', 'ListEntries', ['ada']);
    expect(entries.reduce((sum, { amountCents }) => sum + amountCents, 0)).toBe(1000);
  });

  it('never takes a balance below zero', async () => {
    await expect(hold('p1', 1001)).rejects.toThrow(/^INSUFFICIENT_FUNDS: /);
    expect(await balance()).toBe(1000);
  });

  it('moves only along its states', async () => {
    await hold();
    await expect(city.submit('parkingOperator', 'wallet', 'RefundPayment', 'p1', 'why not')).rejects.toThrow(
      'PAYMENT_STATE: payment p1 is HELD, RefundPayment needs CAPTURED',
    );
    await city.submit('parkingOperator', 'wallet', 'ReleasePayment', 'p1', 'done');
    await expect(city.submit('parkingOperator', 'wallet', 'CapturePayment', 'p1')).rejects.toThrow(
      /^PAYMENT_STATE: /,
    );
  });

  it('is released by its payee at once, by UserService once the hold has expired', async () => {
    await hold();
    await expect(city.submit('registrar', 'wallet', 'ReleasePayment', 'p1', 'lost')).rejects.toThrow(
      /^ACCESS_DENIED: ReleasePayment needs ParkingOperatorMSP \(the payee of p1\), or UserServiceMSP once/,
    );
    city.pass(24 * HOUR);
    await city.submit('registrar', 'wallet', 'ReleasePayment', 'p1', 'lost');
    expect(await balance()).toBe(1000);
  });

  it('of another payee is none of an organization’s business', async () => {
    await hold();
    await expect(city.submit('chargingOperator', 'wallet', 'CapturePayment', 'p1')).rejects.toThrow(
      'ACCESS_DENIED: CapturePayment needs ParkingOperatorMSP (the payee of p1); ' +
        'caller is ChargingStationMSP with role operator',
    );
  });
});

describe('a repeated call', () => {
  beforeEach(() => fundedWallet());

  /** Each call with what makes it possible, and a different one with the same id. */
  const cases: [string, () => Promise<unknown>, IdentityName, (string | number)[], (string | number)[]][] = [
    ['TopUp', () => Promise.resolve(), 'registrar', ['t1', 'ada', 5], ['t1', 'ada', 6]],
    [
      'HoldPayment',
      () => Promise.resolve(),
      'registrar',
      ['p1', 'ada', PARKING, 5, 'parking:b'],
      ['p1', 'ada', CHARGING, 5, 'parking:b'],
    ],
    ['ReleasePayment', () => hold(), 'parkingOperator', ['p1', 'a'], ['p1', 'b']],
    [
      'RefundPayment',
      async () => {
        await hold();
        await city.submit('parkingOperator', 'wallet', 'CapturePayment', 'p1');
      },
      'parkingOperator',
      ['p1', 'a'],
      ['p1', 'b'],
    ],
  ];

  it.each(cases)(
    'of %s returns the first result, a different one is refused',
    async (call, prepare, as, args, other) => {
      await prepare();
      const first = await city.simulate(as, 'wallet', call, args);
      expect(city.commit('wallet', [first])).toEqual(['VALID']);
      city.pass(HOUR);
      const second = await city.simulate(as, 'wallet', call, args);
      expect(second.text).toBe(first.text);
      expect(second.readWriteSet.writes.size).toBe(0);
      expect(second.event).toBeUndefined();
      await expect(city.submit(as, 'wallet', call, ...other)).rejects.toThrow(/^IDEMPOTENCY_CONFLICT: /);
    },
  );

  it('of OpenWallet, HoldPayment and CapturePayment tells the first result also after later steps', async () => {
    const opened = await city.submit('registrar', 'wallet', 'OpenWallet', 'eve');
    await city.submit('registrar', 'wallet', 'TopUp', 't2', 'eve', 7);
    expect(await city.submit('registrar', 'wallet', 'OpenWallet', 'eve')).toEqual(opened);
    const held = await hold();
    city.pass(1000);
    const captured = await city.submit('parkingOperator', 'wallet', 'CapturePayment', 'p1');
    city.pass(1000);
    await city.submit('parkingOperator', 'wallet', 'RefundPayment', 'p1', 'sorry');
    expect(await hold()).toEqual(held);
    expect(await city.submit('parkingOperator', 'wallet', 'CapturePayment', 'p1')).toEqual(captured);
    expect(await balance()).toBe(1000);
  });
});

describe('a user', () => {
  it.each(['issued', PARKING, CHARGING])('may not be called as the account %s', async (name) => {
    await expect(city.submit('registrar', 'wallet', 'OpenWallet', name)).rejects.toThrow(
      /^INVALID_ARGUMENT: /,
    );
  });
});

/** The invariant as a client checks it: over all pages. */
async function expectConservation(): Promise<void> {
  const wallets = await city.all<Wallet>('wallet', 'ListWallets');
  const payments = await city.all<Payment>('wallet', 'ListPayments');
  const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);
  const entries = async (account: string): Promise<number> =>
    sum((await city.all<Entry>('wallet', 'ListEntries', [account])).map(({ amountCents }) => amountCents));
  const holds = sum(payments.filter(({ state }) => state === 'HELD').map(({ amountCents }) => amountCents));
  const income = (await entries(PARKING)) + (await entries(CHARGING));
  expect(sum(wallets.map(({ balanceCents }) => balanceCents)) + holds + income).toBe(await entries('issued'));
  for (const { userId, balanceCents } of wallets) {
    expect(balanceCents).toBeGreaterThanOrEqual(0);
    expect(await entries(userId)).toBe(balanceCents);
  }
}

describe('money', () => {
  const userId = fc.constantFrom('u1', 'u2', 'u3');
  const paymentId = fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5');
  const payee = fc.constantFrom(PARKING, CHARGING);
  const amount = fc.integer({ min: 1, max: 300 });
  const as = fc.constantFrom<IdentityName>(
    'registrar',
    'registrar',
    'parkingOperator',
    'chargingOperator',
    'auditor',
  );
  const call = fc.oneof(
    fc.tuple(fc.constant('OpenWallet'), fc.tuple(userId)),
    fc.tuple(fc.constant('TopUp'), fc.tuple(fc.constantFrom('t1', 't2', 't3', 't4'), userId, amount)),
    fc.tuple(
      fc.constant('HoldPayment'),
      fc.tuple(paymentId, userId, payee, amount, fc.constant('parking:b')),
    ),
    fc.tuple(fc.constant('CapturePayment'), fc.tuple(paymentId)),
    fc.tuple(
      fc.constantFrom('ReleasePayment', 'RefundPayment'),
      fc.tuple(paymentId, fc.constantFrom('x', 'y')),
    ),
  );
  /** Calls of one block are simulated on the same state, as concurrent clients do. */
  const block = fc.array(fc.record({ as, call, wait: fc.constantFrom(0, 1000, 13 * HOUR) }), {
    minLength: 1,
    maxLength: 6,
  });

  it('is conserved over random histories with refused, repeated and conflicting calls', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 10, maxLength: 25 }), async (blocks) => {
        city = new City();
        await fundedWallet('u1', 1000);
        await fundedWallet('u2', 100);
        for (const calls of blocks) {
          const simulations = [];
          for (const {
            as: caller,
            call: [name, args],
            wait,
          } of calls) {
            city.pass(wait);
            const simulation = await city.simulate(caller, 'wallet', name, args);
            if (simulation.status < 400) simulations.push(simulation);
            else seen.add(simulation.message.split(':')[0] ?? '');
          }
          city.commit('wallet', simulations).forEach((code) => seen.add(code));
        }
        await expectConservation();
      }),
      { numRuns: 15 },
    );
    // The histories are worth something only if they went everywhere.
    for (const outcome of [
      'VALID',
      'MVCC_READ_CONFLICT',
      'ACCESS_DENIED',
      'IDEMPOTENCY_CONFLICT',
      'INSUFFICIENT_FUNDS',
      'PAYMENT_STATE',
    ]) {
      expect(seen).toContain(outcome);
    }
  }, 120_000);
});
