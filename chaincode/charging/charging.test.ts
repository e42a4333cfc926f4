import { City } from '../simulation/city';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Session } from './session';
import type { Station, StationChange, StationView } from './station';

let city: City;
beforeEach(async () => {
  city = new City();
  await city.submit('chargingOperator', 'charging', 'RegisterStation', 'x1', 'mitte', 2, 22, 49);
});
afterEach(() => {
  vi.useRealTimers();
});

const start = (sessionId: string, connectorId = 1): Promise<Session> =>
  city.submit('registrar', 'charging', 'StartSession', sessionId, 'x1', connectorId, 'ada');

const meter = (sessionId: string, wattHours: number): Promise<Session> =>
  city.submit('chargingUser', 'charging', 'RecordMeter', sessionId, wattHours);

const stop = (sessionId: string): Promise<Session> =>
  city.submit('chargingUser', 'charging', 'StopSession', sessionId);

const connectorStatus = async (connectorId: number): Promise<string | undefined> => {
  const { connectorStates } = await city.evaluate<StationView>('auditor', 'charging', 'GetStation', 'x1');
  return connectorStates.find((connector) => connector.connectorId === connectorId)?.status;
};

describe('a station', () => {
  it('is registered once, with its connectors', async () => {
    expect(await connectorStatus(1)).toBe('AVAILABLE');
    expect(await connectorStatus(2)).toBe('AVAILABLE');
    expect(await connectorStatus(3)).toBeUndefined();
    await expect(
      city.submit('chargingOperator', 'charging', 'RegisterStation', 'x1', 'nord', 1, 11, 1),
    ).rejects.toThrow(/^STATION_EXISTS: /);
    await expect(start('c1', 3)).rejects.toThrow(
      'CONNECTOR_NOT_FOUND: station x1 has the connectors 1 to 2, not 3',
    );
  });

  it('is listed by zone', async () => {
    await city.submit('chargingOperator', 'charging', 'RegisterStation', 'x2', 'nord', 1, 3.7, 30);
    const ids = async (zone: string): Promise<string[]> =>
      (await city.all<Station>('charging', 'ListStations', [zone], 1)).map(({ stationId }) => stationId);
    expect(await ids('')).toEqual(['x1', 'x2']);
    expect(await ids('nord')).toEqual(['x2']);
  });

  it('takes connectors out of service, but not from under a session', async () => {
    const set = (status: string): Promise<unknown> =>
      city.submit('chargingOperator', 'charging', 'SetConnectorStatus', 'x1', 1, status);
    await set('OUT_OF_SERVICE');
    await expect(start('c1')).rejects.toThrow('CONNECTOR_NOT_AVAILABLE: connector 1 of x1 is OUT_OF_SERVICE');
    await set('AVAILABLE');
    await start('c1');
    await expect(set('OUT_OF_SERVICE')).rejects.toThrow(
      /^CONNECTOR_NOT_AVAILABLE: connector 1 of x1 is occupied by session c1/,
    );
  });

  it('tells its and its connectors’ history, newest first', async () => {
    city.pass(1000);
    await start('c1', 2);
    const history = await city.evaluate<StationChange[]>('auditor', 'charging', 'GetStationHistory', 'x1');
    expect(
      history.map(({ connectorId, connector, station }) => [connectorId, connector?.status, station?.zone]),
    ).toEqual([
      [2, 'OCCUPIED', undefined],
      [undefined, undefined, 'mitte'],
      [1, 'AVAILABLE', undefined],
      [2, 'AVAILABLE', undefined],
    ]);
  });
});

describe('a session', () => {
  it('costs the energy at the price it started with, rounded up to the cent, and frees the connector', async () => {
    await start('c1');
    expect(await connectorStatus(1)).toBe('OCCUPIED');
    await meter('c1', 12_000);
    await meter('c1', 12_345);
    expect(await stop('c1')).toMatchObject({ state: 'STOPPED', costCents: 605, wattHours: 12_345 });
    expect(await connectorStatus(1)).toBe('AVAILABLE');
    await start('c2');
  });

  it('has a meter that never falls', async () => {
    await start('c1');
    await meter('c1', 500);
    await meter('c1', 500);
    await expect(meter('c1', 499)).rejects.toThrow(
      'METER_FALLING: session c1 has taken 500 Wh already, 499 Wh cannot follow',
    );
    await stop('c1');
    await expect(meter('c1', 600)).rejects.toThrow(
      'SESSION_STATE: session c1 is STOPPED, RecordMeter needs ACTIVE',
    );
  });

  it('has its connector to itself, also among sessions that start at the same time', async () => {
    const args = (sessionId: string): (string | number)[] => [sessionId, 'x1', 1, 'ada'];
    const both = [
      await city.simulate('registrar', 'charging', 'StartSession', args('c1')),
      await city.simulate('registrar', 'charging', 'StartSession', args('c2')),
    ];
    expect(city.commit('charging', both)).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
    await expect(start('c2')).rejects.toThrow('CONNECTOR_NOT_AVAILABLE: connector 1 of x1 is OCCUPIED');
  });

  it('that took nothing needs no payment', async () => {
    await start('c1');
    expect(await stop('c1')).toMatchObject({ state: 'SETTLED', costCents: 0 });
  });

  it('is settled by the payment for it, once', async () => {
    await city.submit('registrar', 'wallet', 'OpenWallet', 'ada');
    await city.submit('registrar', 'wallet', 'TopUp', 't1', 'ada', 10_000);
    await start('c1');
    await meter('c1', 1000);
    await stop('c1');
    const settle = (paymentId: string): Promise<Session> =>
      city.submit('chargingUser', 'charging', 'SettleSession', 'c1', paymentId);
    const hold = (paymentId: string, payee: string, cents: number, purpose: string): Promise<unknown> =>
      city.submit('registrar', 'wallet', 'HoldPayment', paymentId, 'ada', payee, cents, purpose);
    await expect(settle('p1')).rejects.toThrow(/^PAYMENT_NOT_VISIBLE: .*retryable/);
    await hold('p0', 'ParkingOperatorMSP', 48, 'parking:c1');
    await expect(settle('p0')).rejects.toThrow(
      'PAYMENT_MISMATCH: payment p0: purpose is parking:c1, needed is charging:c1; ' +
        'payeeMspId is ParkingOperatorMSP, needed is ChargingStationMSP; amountCents is 48, needed is 49',
    );
    await hold('p1', 'ChargingStationMSP', 49, 'charging:c1');
    await city.submit('chargingUser', 'wallet', 'CapturePayment', 'p1');
    const settled = await settle('p1');
    expect(settled).toMatchObject({ state: 'SETTLED', paymentId: 'p1' });
    expect(await settle('p1')).toEqual(settled);
    await expect(settle('p0')).rejects.toThrow(/^SESSION_STATE: /);
    expect(
      (await city.all<Session>('charging', 'ListSessionsByUser', ['ada'])).map(({ state }) => state),
    ).toEqual(['SETTLED']);
  });
});
