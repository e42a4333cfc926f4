import { City, contractClasses, type ContractName } from '../simulation/city';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { functionsOf } from '../simulation/functions';
import { everyFunction } from '../simulation/script';
import { CLOCK_TOLERANCE } from './clock';

let city: City;
beforeEach(() => {
  city = new City();
});
afterEach(() => {
  vi.useRealTimers();
});

const refusal = async (contract: ContractName, call: string, ...args: (string | number)[]): Promise<string> =>
  (await city.simulate('registrar', contract, call, args)).message;

describe('a claimed time', () => {
  it('further than five minutes from the endorser’s clock is refused by every function that changes something', async () => {
    const changing = new Set(
      (Object.keys(contractClasses) as ContractName[]).flatMap((contract) =>
        functionsOf(contract)
          .filter(({ evaluateOnly }) => !evaluateOnly)
          .map(({ name }) => `${contract}.${name}`),
      ),
    );
    for (const [as, contract, call, ...args] of everyFunction(city.now)) {
      const simulate = (claimed: number): ReturnType<City['simulate']> =>
        city.simulate(as, contract, call, args, claimed);
      const inTime = await simulate(city.now);
      if (inTime.readWriteSet.writes.size > 0) {
        for (const offset of [-CLOCK_TOLERANCE - 1, CLOCK_TOLERANCE + 1]) {
          const { message } = await simulate(city.now + offset);
          expect(message, call).toMatch(/^TIME_OUT_OF_RANGE: .*more than 5 minutes/);
        }
        for (const offset of [-CLOCK_TOLERANCE, CLOCK_TOLERANCE]) {
          expect((await simulate(city.now + offset)).message, call).not.toMatch(/TIME_OUT_OF_RANGE/);
        }
        changing.delete(`${contract}.${call}`);
      }
      if (inTime.status < 400) city.commit(contract, [inTime]);
    }
    expect([...changing]).toEqual([]);
  });
});

describe('arguments', () => {
  it.each<[string, ContractName, string, (string | number)[]]>([
    ['too few', 'user', 'GetUser', []],
    ['too many', 'user', 'GetUser', ['ada', 'bob']],
    ['an empty id', 'user', 'GetUser', ['']],
    ['an id with a NUL', 'user', 'GetUser', ['a\u0000b']],
    ['an id that is too long', 'user', 'GetUser', ['a'.repeat(65)]],
    ['an unknown role', 'user', 'RegisterUser', ['ada', 'Ada', 'emperor']],
    ['a name with a line break', 'user', 'RegisterUser', ['ada', 'A\nda', 'driver']],
    ['a name of blanks', 'user', 'RegisterUser', ['ada', '  ', 'driver']],
    ['a plate in small letters', 'user', 'AddVehicle', ['ada', 'b-cf 1']],
    ['no amount', 'wallet', 'TopUp', ['t', 'ada', '']],
    ['a fraction of a cent', 'wallet', 'TopUp', ['t', 'ada', '1.5']],
    ['nothing to pay', 'wallet', 'TopUp', ['t', 'ada', '0']],
    ['a negative amount', 'wallet', 'TopUp', ['t', 'ada', '-5']],
    ['an amount in another notation', 'wallet', 'TopUp', ['t', 'ada', '1e3']],
    ['an amount beyond exact integers', 'wallet', 'TopUp', ['t', 'ada', '9007199254740993']],
    ['a payee that is none', 'wallet', 'HoldPayment', ['p', 'ada', 'CityManagementMSP', 5, 'parking:b']],
    ['a purpose of no kind', 'wallet', 'HoldPayment', ['p', 'ada', 'ParkingOperatorMSP', 5, 'bribe:b']],
    ['a page of no records', 'user', 'ListUsers', ['0', '']],
    ['a page that is too large', 'user', 'ListUsers', ['201', '']],
    [
      'a local time',
      'parking',
      'CheckAvailability',
      ['s', '2026-11-22T08:00:00+01:00', '2026-11-22T09:00:00Z'],
    ],
  ])('with %s are refused by parameter', async (_, contract, call, args) => {
    expect(await refusal(contract, call, ...args)).toMatch(/^INVALID_ARGUMENT: \w+/);
  });

  it('are counted with the parameters’ names', async () => {
    expect(await refusal('parking', 'RegisterSpot', 's1')).toBe(
      'INVALID_ARGUMENT: RegisterSpot(spotId, zone, kind, hourlyRateCents) takes 4 arguments, got 1',
    );
  });
});

describe('a function that does not exist', () => {
  it.each(['Nope', 'wallet:Nope', '_private', 'constructor'])(
    'is answered with where to look: %s',
    async (call) => {
      expect(await refusal('wallet', call)).toMatch(/^FUNCTION_NOT_FOUND: wallet has no function/);
    },
  );

  it('in another contract too', async () => {
    expect(await refusal('wallet', 'parking:GetSpot', 's1')).toMatch(
      /^FUNCTION_NOT_FOUND: there is no contract parking/,
    );
  });

  it('may be named with its contract', async () => {
    expect(await refusal('wallet', 'wallet:GetWallet', 'ada')).toMatch(/^WALLET_NOT_FOUND: /);
  });
});

describe('a bookmark', () => {
  it.each([
    ['of another kind of records', Buffer.from('\u0000top-up\u0000').toString('base64url')],
    ['of another account', Buffer.from('\u0000entry\u0000bob\u0000').toString('base64url')],
    ['that is no key', 'A'],
  ])('%s opens nothing', async (_, bookmark) => {
    await city.submit('registrar', 'wallet', 'OpenWallet', 'ada');
    expect(await refusal('wallet', 'ListEntries', 'ada', 5, bookmark)).toMatch(/^INVALID_BOOKMARK: /);
  });
});
