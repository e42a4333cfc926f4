import type { Context } from 'fabric-contract-api';
import { ContractError } from '../shared/errors';
import { addCents } from '../shared/money';
import { readRecord, recordKey, writeRecord } from '../shared/records';
import type { Wallet } from './account';

export const WALLET = 'wallet';

/** @throws ContractError WALLET_NOT_FOUND */
export async function requireWallet(ctx: Context, userId: string): Promise<Wallet> {
  const wallet = await readRecord<Wallet>(ctx, recordKey(ctx, WALLET, userId));
  if (wallet === undefined) throw new ContractError('WALLET_NOT_FOUND', `user ${userId} has no wallet`);
  return wallet;
}

/**
 * Moves a balance by an amount in cents, which is negative when money is taken out.
 *
 * @throws ContractError WALLET_NOT_FOUND, INSUFFICIENT_FUNDS
 */
export async function moveBalance(ctx: Context, userId: string, cents: number, time: string): Promise<void> {
  const wallet = await requireWallet(ctx, userId);
  const balanceCents = addCents(wallet.balanceCents, cents);
  if (balanceCents < 0) {
    throw new ContractError(
      'INSUFFICIENT_FUNDS',
      `the wallet of ${userId} has ${wallet.balanceCents} cents, needed are ${-cents}`,
    );
  }
  await writeRecord(ctx, recordKey(ctx, WALLET, userId), { ...wallet, balanceCents, updatedAt: time });
}
