import type { Context } from 'fabric-contract-api';
import { ContractError } from './errors';

const MINUTE = 60_000;

/** How far a transaction's claimed time may be from the endorser's own clock, in milliseconds. */
export const CLOCK_TOLERANCE = 5 * MINUTE;

/**
 * The transaction's time in milliseconds since 1970, as the submitter claimed it: the same on every endorser.
 * Peers do not check the claim, so it is held against this endorser's clock here; that clock decides only
 * between endorsing and refusing and never reaches a result or a write.
 *
 * @throws ContractError TIME_OUT_OF_RANGE
 */
export function transactionTime(ctx: Context): number {
  const claimed = ctx.stub.getDateTimestamp().getTime();
  if (!Number.isFinite(claimed) || Math.abs(claimed - Date.now()) > CLOCK_TOLERANCE) {
    throw new ContractError(
      'TIME_OUT_OF_RANGE',
      `the transaction claims a time more than ${CLOCK_TOLERANCE / MINUTE} minutes from this endorser's clock; ` +
        `set the clock of the machine that submits`,
    );
  }
  return claimed;
}

/** ISO 8601 UTC with milliseconds: of fixed width, so that it sorts as text. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/**
 * Reads an ISO 8601 UTC time such as `2026-11-22T08:45:00Z` to milliseconds since 1970.
 *
 * @throws ContractError INVALID_ARGUMENT for anything else, also for days that do not exist
 */
export function parseIsoTime(name: string, text: string): number {
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text) ? Date.parse(text) : NaN;
  const exists = Number.isFinite(milliseconds) && isoTime(milliseconds).startsWith(text.slice(0, 19));
  if (!exists) {
    throw new ContractError(
      'INVALID_ARGUMENT',
      `${name} must be a time in ISO 8601 UTC such as 2026-11-22T08:45:00Z, got "${text}"`,
    );
  }
  return milliseconds;
}
