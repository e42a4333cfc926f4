import type { Context } from 'fabric-contract-api';
import { isoTime } from '../shared/clock';
import { ContractError } from '../shared/errors';
import { functionName } from '../shared/invocation';
import { priceCents } from '../shared/money';
import { CHARGING_STATION } from '../shared/network-names';
import { readPage, type Page } from '../shared/paging';
import { provePayment } from '../shared/payment-proof';
import { emit, readRecord, recordKey, writeIndex, writeRecord } from '../shared/records';
import type { Session, SessionState } from './session';
import { requireConnector, requireStation, writeConnector } from './stations';

const SESSION = 'session';
/** Index in the order of the sessions' start. */
const SESSION_BY_USER = 'user~session';

const WATT_HOURS_PER_KWH = 1000;

export type SessionRequest = Pick<Session, 'sessionId' | 'stationId' | 'connectorId' | 'userId'>;

/** @throws ContractError SESSION_NOT_FOUND */
export async function requireSession(ctx: Context, sessionId: string): Promise<Session> {
  const session = await readRecord<Session>(ctx, recordKey(ctx, SESSION, sessionId));
  if (session === undefined) throw new ContractError('SESSION_NOT_FOUND', `there is no session ${sessionId}`);
  return session;
}

export async function startSession(ctx: Context, now: number, request: SessionRequest): Promise<Session> {
  const { sessionId, stationId, connectorId, userId } = request;
  if ((await readRecord(ctx, recordKey(ctx, SESSION, sessionId))) !== undefined) {
    throw new ContractError('SESSION_EXISTS', `session ${sessionId} already exists`);
  }
  const station = await requireStation(ctx, stationId);
  const connector = await requireConnector(ctx, station, connectorId);
  if (connector.status !== 'AVAILABLE') {
    throw new ContractError(
      'CONNECTOR_NOT_AVAILABLE',
      `connector ${connectorId} of ${stationId} is ${connector.status}`,
    );
  }
  const at = isoTime(now);
  await writeConnector(ctx, { ...connector, status: 'OCCUPIED', sessionId, updatedAt: at });
  await writeIndex(ctx, recordKey(ctx, SESSION_BY_USER, userId, at, sessionId));
  const { centsPerKwh } = station;
  return save(ctx, 'SessionStarted', {
    ...request,
    state: 'ACTIVE',
    centsPerKwh,
    wattHours: 0,
    startedAt: at,
  });
}

export async function recordMeter(
  ctx: Context,
  now: number,
  sessionId: string,
  wattHours: number,
): Promise<Session> {
  const session = await requireSession(ctx, sessionId);
  requireState(ctx, session, 'ACTIVE');
  if (wattHours < session.wattHours) {
    throw new ContractError(
      'METER_FALLING',
      `session ${sessionId} has taken ${session.wattHours} Wh already, ${wattHours} Wh cannot follow`,
    );
  }
  return save(ctx, 'MeterRecorded', { ...session, wattHours, meteredAt: isoTime(now) });
}

export async function stopSession(ctx: Context, now: number, sessionId: string): Promise<Session> {
  const session = await requireSession(ctx, sessionId);
  requireState(ctx, session, 'ACTIVE');
  const station = await requireStation(ctx, session.stationId);
  const { stationId, connectorId } = await requireConnector(ctx, station, session.connectorId);
  const at = isoTime(now);
  await writeConnector(ctx, { stationId, connectorId, status: 'AVAILABLE', updatedAt: at });
  const costCents = priceCents(session.wattHours, session.centsPerKwh, WATT_HOURS_PER_KWH);
  const stopped: Session = { ...session, state: 'STOPPED', stoppedAt: at, costCents };
  return save(
    ctx,
    'SessionStopped',
    costCents === 0 ? { ...stopped, state: 'SETTLED', settledAt: at } : stopped,
  );
}

export async function settleSession(
  ctx: Context,
  now: number,
  sessionId: string,
  paymentId: string,
): Promise<Session> {
  const session = await requireSession(ctx, sessionId);
  // A client that missed the answer repeats the call: nothing is left to do.
  if (session.state === 'SETTLED' && session.paymentId === paymentId) return session;
  requireState(ctx, session, 'STOPPED');
  await provePayment(ctx, paymentId, {
    purpose: `charging:${sessionId}`,
    payeeMspId: CHARGING_STATION,
    userId: session.userId,
    amountCents: session.costCents ?? 0,
  });
  return save(ctx, 'SessionSettled', { ...session, state: 'SETTLED', paymentId, settledAt: isoTime(now) });
}

export const listSessionsOfUser = (
  ctx: Context,
  userId: string,
  pageSize: number,
  bookmark: string,
): Promise<Page<Session>> =>
  readPage(ctx, { kind: SESSION_BY_USER, attributes: [userId] }, pageSize, bookmark, ({ attributes }) =>
    requireSession(ctx, attributes[2] ?? ''),
  );

async function save(ctx: Context, event: string, session: Session): Promise<Session> {
  await writeRecord(ctx, recordKey(ctx, SESSION, session.sessionId), session);
  emit(ctx, event, session);
  return session;
}

function requireState(ctx: Context, session: Session, needed: SessionState): void {
  if (session.state === needed) return;
  throw new ContractError(
    'SESSION_STATE',
    `session ${session.sessionId} is ${session.state}, ${functionName(ctx)} needs ${needed}`,
  );
}
