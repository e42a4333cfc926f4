import { City, type ContractName } from '../simulation/city';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { identities, type IdentityName } from '../simulation/identities';
import { functionsOf } from '../simulation/functions';

afterEach(() => {
  vi.useRealTimers();
});

const registrars: IdentityName[] = ['registrar'];
const userService: IdentityName[] = ['registrar', 'userServiceUser', 'userServiceOperator'];
const parking: IdentityName[] = ['parkingOperator', 'parkingUser', 'parkingRegistrar'];
const charging: IdentityName[] = ['chargingOperator', 'chargingUser', 'chargingRegistrar'];

/** Who may call each changing function; the payee's rights are of the parking payment that stands ready. */
const callers: Record<ContractName, Record<string, IdentityName[]>> = {
  user: {
    RegisterUser: registrars,
    UpdateUser: registrars,
    SuspendUser: registrars,
    ReinstateUser: registrars,
    AddVehicle: registrars,
    RemoveVehicle: registrars,
  },
  wallet: {
    OpenWallet: registrars,
    TopUp: registrars,
    HoldPayment: [...userService, ...parking, ...charging],
    CapturePayment: parking,
    ReleasePayment: parking,
    RefundPayment: parking,
  },
  parking: {
    RegisterSpot: ['parkingOperator'],
    UpdateSpot: ['parkingOperator'],
    RetireSpot: ['parkingOperator'],
    CreateBooking: [...userService, ...parking],
    ConfirmBooking: [...userService, ...parking],
    CancelBooking: parking,
    CheckIn: parking,
    CheckOut: parking,
  },
  charging: {
    RegisterStation: ['chargingOperator'],
    SetConnectorStatus: ['chargingOperator'],
    StartSession: [...userService, ...charging],
    RecordMeter: charging,
    StopSession: [...userService, ...charging],
    SettleSession: [...userService, ...charging],
  },
};

/** An argument that the parameter's schema takes. */
function example(name: string, schema: { type: string; enum?: readonly string[]; minimum?: number }): string {
  if (schema.enum !== undefined) return schema.enum[0] ?? '';
  if (schema.type === 'number') return String(schema.minimum);
  return (
    {
      from: '2026-11-23T08:00:00Z',
      to: '2026-11-23T09:00:00Z',
      purpose: 'parking:b1',
      plate: 'B-CF 1',
      paymentId: 'p1',
    }[name] ?? 'x1'
  );
}

describe.each(Object.keys(callers) as ContractName[])('in %s', (contract) => {
  const functions = functionsOf(contract);

  it('the table names every changing function', () => {
    const changing = functions.filter(({ evaluateOnly }) => !evaluateOnly).map(({ name }) => name);
    expect(Object.keys(callers[contract]).sort()).toEqual(changing.sort());
  });

  it.each(functions)('$name admits and refuses every organization and role as it should', async (called) => {
    const city = new City();
    await city.submit('registrar', 'wallet', 'OpenWallet', 'ada');
    await city.submit('registrar', 'wallet', 'TopUp', 't1', 'ada', 100);
    await city.submit(
      'registrar',
      'wallet',
      'HoldPayment',
      'p1',
      'ada',
      'ParkingOperatorMSP',
      100,
      'parking:b1',
    );
    const args = called.parameters.map(({ name, schema }) => example(name, schema));
    const allowed = called.evaluateOnly ? Object.keys(identities) : callers[contract][called.name];
    for (const as of Object.keys(identities) as IdentityName[]) {
      const { message } = await city.simulate(as, contract, called.name, args);
      const { mspId, role } = identities[as];
      if (allowed?.includes(as) === true) {
        expect(message, as).not.toMatch(/^ACCESS_DENIED/);
        expect(message, as).not.toMatch(/^INTERNAL_ERROR|^INVALID_ARGUMENT/);
      } else {
        expect(message, as).toMatch(new RegExp(`^ACCESS_DENIED: ${called.name} needs \\w+MSP`));
        expect(message).toContain(
          `caller is ${mspId} ${role === undefined ? 'without a role' : `with role ${role}`}`,
        );
      }
    }
  });
});

describe('a refusal', () => {
  it('names who may call and who called', async () => {
    const city = new City();
    const { message } = await city.simulate('registrar', 'parking', 'RegisterSpot', [
      's1',
      'mitte',
      'street',
      100,
    ]);
    expect(message).toBe(
      'ACCESS_DENIED: RegisterSpot needs ParkingOperatorMSP with role operator; caller is UserServiceMSP with role registrar',
    );
  });
});
