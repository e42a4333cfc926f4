import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { requireCaller, type Callers } from '../shared/access';
import { CityContract } from '../shared/city-contract';
import { transactionTime } from '../shared/clock';
import { CHARGING_STATION, OPERATOR, USER_SERVICE } from '../shared/network-names';
import { decimal, Describe, id, label, labelOrAll, oneOf, paging, wholeNumber } from '../shared/parameters';
import type { Session, SessionPage } from './session';
import * as sessions from './sessions';
import type { Connector, StationChange, StationPage, StationView } from './station';
import * as stations from './stations';
// For their effect: the types' decorators put them into the metadata.
import './session';
import './station';

export const VERSION = '1.0';

const OPERATORS: Callers = { mspIds: [CHARGING_STATION], role: OPERATOR };
const STATIONS: Callers = { mspIds: [CHARGING_STATION] };
const DRIVERS: Callers = { mspIds: [CHARGING_STATION, USER_SERVICE] };

/** A station's connectors; reading a station reads them all. */
const MOST_CONNECTORS = 50;

const stationId = id("The station's id");
const sessionId = id("The session's id");
const userId = id('The user who charges');
const connectorId = wholeNumber("The connector's number", 1, MOST_CONNECTORS);

@Info({
  title: 'charging',
  version: VERSION,
  description: 'Charging stations and sessions, kept by ChargingStation',
})
export class ChargingContract extends CityContract {
  constructor() {
    super('charging');
  }

  @Describe('Registers a station with all its connectors available', {
    stationId,
    zone: label('The zone of the city'),
    connectors: wholeNumber('How many connectors it has; they are numbered from 1', 1, MOST_CONNECTORS),
    powerKw: decimal('Power of a connector in kW', 1, 1000),
    centsPerKwh: wholeNumber('Price of a kWh in cents', 0, 1_000),
  })
  @Transaction()
  @Returns('StationView')
  async RegisterStation(
    ctx: Context,
    stationId: string,
    zone: string,
    connectors: number,
    powerKw: number,
    centsPerKwh: number,
  ): Promise<StationView> {
    requireCaller(ctx, OPERATORS);
    const data = { stationId, zone, connectors, powerKw, centsPerKwh };
    return stations.registerStation(ctx, transactionTime(ctx), data);
  }

  @Describe('Takes a connector out of service or back into it', {
    stationId,
    connectorId,
    status: oneOf('The new status', ['AVAILABLE', 'OUT_OF_SERVICE']),
  })
  @Transaction()
  @Returns('Connector')
  async SetConnectorStatus(
    ctx: Context,
    stationId: string,
    connectorId: number,
    status: string,
  ): Promise<Connector> {
    requireCaller(ctx, OPERATORS);
    const wanted = status === 'AVAILABLE' ? 'AVAILABLE' : 'OUT_OF_SERVICE';
    return stations.setConnectorStatus(ctx, transactionTime(ctx), stationId, connectorId, wanted);
  }

  @Describe('Starts charging at an available connector', { sessionId, stationId, connectorId, userId })
  @Transaction()
  @Returns('Session')
  async StartSession(
    ctx: Context,
    sessionId: string,
    stationId: string,
    connectorId: number,
    userId: string,
  ): Promise<Session> {
    requireCaller(ctx, DRIVERS);
    return sessions.startSession(ctx, transactionTime(ctx), { sessionId, stationId, connectorId, userId });
  }

  @Describe("Records a session's meter; it never falls", {
    sessionId,
    wattHours: wholeNumber('Energy delivered since the session started, in Wh', 0, 1_000_000),
  })
  @Transaction()
  @Returns('Session')
  async RecordMeter(ctx: Context, sessionId: string, wattHours: number): Promise<Session> {
    requireCaller(ctx, STATIONS);
    return sessions.recordMeter(ctx, transactionTime(ctx), sessionId, wattHours);
  }

  @Describe('Ends charging, frees the connector and states the cost', { sessionId })
  @Transaction()
  @Returns('Session')
  async StopSession(ctx: Context, sessionId: string): Promise<Session> {
    requireCaller(ctx, DRIVERS);
    return sessions.stopSession(ctx, transactionTime(ctx), sessionId);
  }

  @Describe('Settles a stopped session whose cost is held or captured in wallet', {
    sessionId,
    paymentId: id('The payment of wallet, made for charging:<sessionId>'),
  })
  @Transaction()
  @Returns('Session')
  async SettleSession(ctx: Context, sessionId: string, paymentId: string): Promise<Session> {
    requireCaller(ctx, DRIVERS);
    return sessions.settleSession(ctx, transactionTime(ctx), sessionId, paymentId);
  }

  @Describe('Returns a station with its connectors', { stationId })
  @Transaction(false)
  @Returns('StationView')
  async GetStation(ctx: Context, stationId: string): Promise<StationView> {
    return stations.getStation(ctx, stationId);
  }

  @Describe('Lists the stations of a zone by id', {
    zone: labelOrAll('The zone, or empty for all'),
    ...paging,
  })
  @Transaction(false)
  @Returns('StationPage')
  async ListStations(ctx: Context, zone: string, pageSize: number, bookmark: string): Promise<StationPage> {
    return stations.listStations(ctx, zone, pageSize, bookmark);
  }

  @Describe('Returns a session', { sessionId })
  @Transaction(false)
  @Returns('Session')
  async GetSession(ctx: Context, sessionId: string): Promise<Session> {
    return sessions.requireSession(ctx, sessionId);
  }

  @Describe('Lists the sessions of a user by their start', { userId, ...paging })
  @Transaction(false)
  @Returns('SessionPage')
  async ListSessionsByUser(
    ctx: Context,
    userId: string,
    pageSize: number,
    bookmark: string,
  ): Promise<SessionPage> {
    return sessions.listSessionsOfUser(ctx, userId, pageSize, bookmark);
  }

  @Describe('Returns the changes of a station and its connectors, newest first', { stationId })
  @Transaction(false)
  @Returns('StationChange[]')
  async GetStationHistory(ctx: Context, stationId: string): Promise<StationChange[]> {
    return stations.stationHistory(ctx, stationId);
  }
}
