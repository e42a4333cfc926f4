import type { Context } from 'fabric-contract-api';
import { isoTime } from '../shared/clock';
import { ContractError } from '../shared/errors';
import { HISTORY_LIMIT, readHistory } from '../shared/history';
import { readPage, type Page } from '../shared/paging';
import { emit, parseRecord, readRecord, recordKey, writeIndex, writeRecord } from '../shared/records';
import type { Connector, ConnectorStatus, Station, StationChange, StationView } from './station';

const STATION = 'station';
const STATION_BY_ZONE = 'zone~station';
const CONNECTOR = 'connector';

export type StationData = Omit<Station, 'registeredAt'>;

/** @throws ContractError STATION_NOT_FOUND */
export async function requireStation(ctx: Context, stationId: string): Promise<Station> {
  const station = await readRecord<Station>(ctx, recordKey(ctx, STATION, stationId));
  if (station === undefined) throw new ContractError('STATION_NOT_FOUND', `there is no station ${stationId}`);
  return station;
}

/** @throws ContractError CONNECTOR_NOT_FOUND */
export async function requireConnector(
  ctx: Context,
  station: Station,
  connectorId: number,
): Promise<Connector> {
  const connector = await readRecord<Connector>(ctx, connectorKey(ctx, station.stationId, connectorId));
  if (connector === undefined) {
    throw new ContractError(
      'CONNECTOR_NOT_FOUND',
      `station ${station.stationId} has the connectors 1 to ${station.connectors}, not ${connectorId}`,
    );
  }
  return connector;
}

export const writeConnector = (ctx: Context, connector: Connector): Promise<void> =>
  writeRecord(ctx, connectorKey(ctx, connector.stationId, connector.connectorId), connector);

export async function registerStation(ctx: Context, now: number, data: StationData): Promise<StationView> {
  const { stationId } = data;
  if ((await readRecord(ctx, recordKey(ctx, STATION, stationId))) !== undefined) {
    throw new ContractError('STATION_EXISTS', `station ${stationId} is already registered`);
  }
  const at = isoTime(now);
  const station: Station = { ...data, registeredAt: at };
  const connectorStates = connectorIds(station).map((connectorId): Connector => ({
    stationId,
    connectorId,
    status: 'AVAILABLE',
    updatedAt: at,
  }));
  for (const connector of connectorStates) await writeConnector(ctx, connector);
  await writeRecord(ctx, recordKey(ctx, STATION, stationId), station);
  await writeIndex(ctx, recordKey(ctx, STATION_BY_ZONE, data.zone, stationId));
  const view = { ...station, connectorStates };
  emit(ctx, 'StationRegistered', view);
  return view;
}

export async function setConnectorStatus(
  ctx: Context,
  now: number,
  stationId: string,
  connectorId: number,
  status: Exclude<ConnectorStatus, 'OCCUPIED'>,
): Promise<Connector> {
  const station = await requireStation(ctx, stationId);
  const connector = await requireConnector(ctx, station, connectorId);
  if (connector.status === 'OCCUPIED') {
    throw new ContractError(
      'CONNECTOR_NOT_AVAILABLE',
      `connector ${connectorId} of ${stationId} is occupied by session ${connector.sessionId}; stop it first`,
    );
  }
  const changed: Connector = { ...connector, status, updatedAt: isoTime(now) };
  await writeConnector(ctx, changed);
  emit(ctx, 'ConnectorStatusSet', changed);
  return changed;
}

export async function getStation(ctx: Context, stationId: string): Promise<StationView> {
  const station = await requireStation(ctx, stationId);
  const connectorStates: Connector[] = [];
  for (const connectorId of connectorIds(station)) {
    connectorStates.push(await requireConnector(ctx, station, connectorId));
  }
  return { ...station, connectorStates };
}

/** The stations of a zone, or of all zones when it is empty. */
export async function listStations(
  ctx: Context,
  zone: string,
  pageSize: number,
  bookmark: string,
): Promise<Page<Station>> {
  if (zone === '') {
    return readPage(ctx, { kind: STATION, attributes: [] }, pageSize, bookmark, ({ value }) =>
      parseRecord<Station>(value),
    );
  }
  return readPage(ctx, { kind: STATION_BY_ZONE, attributes: [zone] }, pageSize, bookmark, ({ attributes }) =>
    requireStation(ctx, attributes[1] ?? ''),
  );
}

/** The latest changes of the station and its connectors, newest first. */
export async function stationHistory(ctx: Context, stationId: string): Promise<StationChange[]> {
  const station = await requireStation(ctx, stationId);
  const changes: StationChange[] = (await readHistory<Station>(ctx, recordKey(ctx, STATION, stationId))).map(
    ({ value, ...change }) => ({ ...change, ...(value === undefined ? {} : { station: value }) }),
  );
  for (const connectorId of connectorIds(station)) {
    const ofConnector = await readHistory<Connector>(ctx, connectorKey(ctx, stationId, connectorId));
    changes.push(
      ...ofConnector.map(({ value, ...change }) => ({
        ...change,
        connectorId,
        ...(value === undefined ? {} : { connector: value }),
      })),
    );
  }
  // Stable: changes of the same moment keep the order station, connector 1, connector 2 …
  changes.sort((left, right) => (left.time === right.time ? 0 : left.time > right.time ? -1 : 1));
  return changes.slice(0, HISTORY_LIMIT);
}

const connectorIds = (station: Station): number[] =>
  Array.from({ length: station.connectors }, (_, index) => index + 1);

const connectorKey = (ctx: Context, stationId: string, connectorId: number): string =>
  recordKey(ctx, CONNECTOR, stationId, String(connectorId));
