import { City } from '../simulation/city';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { User, UserChange } from './user';
import { VEHICLE_LIMIT } from './user';

let city: City;
beforeEach(async () => {
  city = new City();
  await change('RegisterUser', 'ada', 'Ada Lovelace', 'driver');
});
afterEach(() => {
  vi.useRealTimers();
});

const change = (call: string, ...args: string[]): Promise<User> =>
  city.submit('registrar', 'user', call, ...args);

describe('a user', () => {
  it('is registered once', async () => {
    await expect(change('RegisterUser', 'ada', 'Ada', 'driver')).rejects.toThrow(
      'USER_EXISTS: user ada is already registered',
    );
    await expect(change('UpdateUser', 'bob', 'Bob', 'driver')).rejects.toThrow(
      'USER_NOT_FOUND: there is no user bob',
    );
  });

  it('is told by one event', async () => {
    const { event, result } = await city.simulate('registrar', 'user', 'RegisterUser', [
      'bob',
      'Bob',
      'driver',
    ]);
    expect(event).toEqual({ name: 'UserRegistered', payload: result });
  });

  it('is suspended and reinstated', async () => {
    const suspended = await change('SuspendUser', 'ada', 'unpaid fees');
    expect(suspended).toMatchObject({ status: 'SUSPENDED', suspensionReason: 'unpaid fees' });
    await expect(change('SuspendUser', 'ada', 'again')).rejects.toThrow(
      'USER_SUSPENDED: user ada is suspended: unpaid fees',
    );
    await expect(change('AddVehicle', 'ada', 'B-CF 1')).rejects.toThrow(/^USER_SUSPENDED: /);
    const reinstated = await change('ReinstateUser', 'ada');
    expect(reinstated.status).toBe('ACTIVE');
    expect(reinstated).not.toHaveProperty('suspensionReason');
    await expect(change('ReinstateUser', 'ada')).rejects.toThrow(/^USER_NOT_SUSPENDED: /);
  });

  it('has vehicles of their own', async () => {
    await change('RegisterUser', 'bob', 'Bob', 'driver');
    await change('AddVehicle', 'ada', 'B-CF 1');
    await expect(change('AddVehicle', 'bob', 'B-CF 1')).rejects.toThrow(
      'VEHICLE_EXISTS: plate B-CF 1 is registered for user ada',
    );
    await expect(change('RemoveVehicle', 'bob', 'B-CF 1')).rejects.toThrow(/^VEHICLE_NOT_FOUND: /);
    await change('RemoveVehicle', 'ada', 'B-CF 1');
    expect((await change('AddVehicle', 'bob', 'B-CF 1')).vehicles).toEqual(['B-CF 1']);
  });

  it('has only so many of them', async () => {
    for (let number = 1; number <= VEHICLE_LIMIT; number++)
      await change('AddVehicle', 'ada', `B-CF ${number}`);
    await expect(change('AddVehicle', 'ada', 'B-CF 99')).rejects.toThrow(/^VEHICLE_LIMIT: /);
  });

  it('cannot register one plate for two users at the same time', async () => {
    await change('RegisterUser', 'bob', 'Bob', 'driver');
    const both = [
      await city.simulate('registrar', 'user', 'AddVehicle', ['ada', 'B-CF 1']),
      await city.simulate('registrar', 'user', 'AddVehicle', ['bob', 'B-CF 1']),
    ];
    expect(city.commit('user', both)).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
  });

  it('tells its history, newest first', async () => {
    city.pass(1000);
    await change('UpdateUser', 'ada', 'Countess', 'admin');
    const history = await city.evaluate<UserChange[]>('registrar', 'user', 'GetUserHistory', 'ada');
    expect(history.map(({ time, deleted, value }) => [time, deleted, value?.displayName])).toEqual([
      [city.at(0), false, 'Countess'],
      [city.at(-1000), false, 'Ada Lovelace'],
    ]);
  });

  it('is listed page by page', async () => {
    for (const name of ['bob', 'cid', 'dan', 'eve']) await change('RegisterUser', name, name, 'driver');
    for (const size of [1, 2, 5, 200]) {
      const users = await city.all<User>('user', 'ListUsers', [], size);
      expect(users.map(({ userId }) => userId)).toEqual(['ada', 'bob', 'cid', 'dan', 'eve']);
    }
  });
});
