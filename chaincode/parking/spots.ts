import type { Context } from 'fabric-contract-api';
import { isoTime } from '../shared/clock';
import { ContractError } from '../shared/errors';
import { readPage, type Page } from '../shared/paging';
import { emit, parseRecord, readRecord, recordKey, writeIndex, writeRecord } from '../shared/records';
import type { Spot } from './spot';

export const SPOT = 'spot';
const SPOT_BY_ZONE = 'zone~spot';

export type SpotData = Pick<Spot, 'spotId' | 'zone' | 'kind' | 'hourlyRateCents'>;

/** @throws ContractError SPOT_NOT_FOUND */
export async function requireSpot(ctx: Context, spotId: string): Promise<Spot> {
  const spot = await readRecord<Spot>(ctx, recordKey(ctx, SPOT, spotId));
  if (spot === undefined) throw new ContractError('SPOT_NOT_FOUND', `there is no spot ${spotId}`);
  return spot;
}

/** @throws ContractError SPOT_NOT_FOUND, SPOT_RETIRED */
export async function requireActiveSpot(ctx: Context, spotId: string): Promise<Spot> {
  const spot = await requireSpot(ctx, spotId);
  if (spot.status === 'RETIRED') throw new ContractError('SPOT_RETIRED', `spot ${spotId} is retired`);
  return spot;
}

export async function registerSpot(ctx: Context, now: number, data: SpotData): Promise<Spot> {
  if ((await readRecord(ctx, recordKey(ctx, SPOT, data.spotId))) !== undefined) {
    throw new ContractError('SPOT_EXISTS', `spot ${data.spotId} is already registered`);
  }
  const at = isoTime(now);
  await writeIndex(ctx, recordKey(ctx, SPOT_BY_ZONE, data.zone, data.spotId));
  return save(ctx, 'SpotRegistered', { ...data, status: 'ACTIVE', registeredAt: at, updatedAt: at });
}

export async function updateSpot(ctx: Context, now: number, data: SpotData): Promise<Spot> {
  const spot = await requireActiveSpot(ctx, data.spotId);
  if (spot.zone !== data.zone) {
    await ctx.stub.deleteState(recordKey(ctx, SPOT_BY_ZONE, spot.zone, spot.spotId));
    await writeIndex(ctx, recordKey(ctx, SPOT_BY_ZONE, data.zone, spot.spotId));
  }
  return save(ctx, 'SpotUpdated', { ...spot, ...data, updatedAt: isoTime(now) });
}

export async function retireSpot(ctx: Context, now: number, spotId: string): Promise<Spot> {
  const spot = await requireActiveSpot(ctx, spotId);
  return save(ctx, 'SpotRetired', { ...spot, status: 'RETIRED', updatedAt: isoTime(now) });
}

/** The spots of a zone, or of all zones when it is empty. */
export async function listSpots(
  ctx: Context,
  zone: string,
  pageSize: number,
  bookmark: string,
): Promise<Page<Spot>> {
  if (zone === '') {
    return readPage(ctx, { kind: SPOT, attributes: [] }, pageSize, bookmark, ({ value }) =>
      parseRecord<Spot>(value),
    );
  }
  return readPage(ctx, { kind: SPOT_BY_ZONE, attributes: [zone] }, pageSize, bookmark, ({ attributes }) =>
    requireSpot(ctx, attributes[1] ?? ''),
  );
}

async function save(ctx: Context, event: string, spot: Spot): Promise<Spot> {
  await writeRecord(ctx, recordKey(ctx, SPOT, spot.spotId), spot);
  emit(ctx, event, spot);
  return spot;
}
