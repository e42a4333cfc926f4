import { ContractError } from './errors';

/** The largest amount of one movement, in cents. */
export const MAX_AMOUNT_CENTS = 100_000_000;

/**
 * Adds two amounts in cents.
 *
 * @throws ContractError AMOUNT_OUT_OF_RANGE when the sum is no longer an exact integer
 */
export function addCents(left: number, right: number): number {
  const sum = left + right;
  if (!Number.isSafeInteger(sum)) {
    throw new ContractError('AMOUNT_OUT_OF_RANGE', `${left} + ${right} cents cannot be held exactly`);
  }
  return sum;
}

/**
 * The price of a quantity in cents, rounded up to the next cent.
 *
 * @param quantity whole units, for example milliseconds
 * @param centsPer price of `unit` units
 * @throws ContractError AMOUNT_OUT_OF_RANGE above MAX_AMOUNT_CENTS, which no payment could cover
 */
export function priceCents(quantity: number, centsPer: number, unit: number): number {
  const product = quantity * centsPer;
  const cents = Math.ceil(product / unit);
  if (!Number.isSafeInteger(product) || cents > MAX_AMOUNT_CENTS) {
    throw new ContractError(
      'AMOUNT_OUT_OF_RANGE',
      `the price would exceed the largest payment of ${MAX_AMOUNT_CENTS} cents`,
    );
  }
  return cents;
}
