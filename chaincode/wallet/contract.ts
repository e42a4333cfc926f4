import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { requireCaller, type Callers } from '../shared/access';
import { CityContract } from '../shared/city-contract';
import { isoTime, transactionTime } from '../shared/clock';
import { ContractError } from '../shared/errors';
import { addCents } from '../shared/money';
import { CHARGING_STATION, PARKING_OPERATOR, PAYEES, REGISTRAR, USER_SERVICE } from '../shared/network-names';
import { readPage } from '../shared/paging';
import { cents, Describe, id, oneOf, paging, text, type Parameter } from '../shared/parameters';
import { emit, parseRecord, readRecord, recordKey, writeRecord } from '../shared/records';
import {
  ENTRY,
  ISSUED,
  writeEntry,
  type Entry,
  type EntryPage,
  type TopUp,
  type Wallet,
  type WalletPage,
} from './account';
import type { Payment, PaymentPage } from './payment';
import { capture, hold, PAYMENT, refund, release, requirePayment } from './payment-steps';
import { requireWallet, WALLET } from './wallets';
// For their effect: the types' decorators put them into the metadata.
import './account';
import './payment';

export const VERSION = '1.0';

const REGISTRARS: Callers = { mspIds: [USER_SERVICE], role: REGISTRAR };
const HOLDERS: Callers = { mspIds: [USER_SERVICE, PARKING_OPERATOR, CHARGING_STATION] };

const TOP_UP = 'top-up';

const userId = id("The wallet's user");
const paymentId = id("The payment's id, which also makes the call repeatable");
const purpose: Parameter = {
  description: 'What is paid: parking:<bookingId> or charging:<sessionId>',
  schema: { type: 'string', pattern: '^(parking|charging):[A-Za-z0-9][A-Za-z0-9._@-]*$', maxLength: 73 },
};
const account = id(`An account: a user's id, a payee's MSP id (its income) or "${ISSUED}" (all top-ups)`);

/**
 * Money in integer cents. It enters by top-ups and never leaves:
 *
 *     issued (entries of "issued") = balances (wallets) + holds (payments HELD) + income (entries of the payees)
 *
 * Every function keeps this equation, and all four sums can be read page by page. Every writing call is
 * repeatable: the same call with the same id returns what the first one returned and changes nothing, a
 * different one is refused.
 */
@Info({
  title: 'wallet',
  version: VERSION,
  description: "Wallets, payments and the payees' income; issued = balances + holds + income",
})
export class WalletContract extends CityContract {
  constructor() {
    super('wallet');
  }

  @Describe('Opens an empty wallet for a user', { userId })
  @Transaction()
  @Returns('Wallet')
  async OpenWallet(ctx: Context, userId: string): Promise<Wallet> {
    requireCaller(ctx, REGISTRARS);
    const at = isoTime(transactionTime(ctx));
    if (isReserved(userId)) {
      throw new ContractError(
        'INVALID_ARGUMENT',
        `${userId} is the name of an account of the system, not of a user`,
      );
    }
    const key = recordKey(ctx, WALLET, userId);
    const known = await readRecord<Wallet>(ctx, key);
    if (known !== undefined) {
      return { userId, balanceCents: 0, openedAt: known.openedAt, updatedAt: known.openedAt };
    }
    const wallet: Wallet = { userId, balanceCents: 0, openedAt: at, updatedAt: at };
    await writeRecord(ctx, key, wallet);
    emit(ctx, 'WalletOpened', wallet);
    return wallet;
  }

  @Describe('Puts money into a wallet', {
    topUpId: id("The top-up's id, which also makes the call repeatable"),
    userId,
    amountCents: cents('How much'),
  })
  @Transaction()
  @Returns('TopUp')
  async TopUp(ctx: Context, topUpId: string, userId: string, amountCents: number): Promise<TopUp> {
    requireCaller(ctx, REGISTRARS);
    const at = isoTime(transactionTime(ctx));
    const key = recordKey(ctx, TOP_UP, topUpId);
    const known = await readRecord<TopUp>(ctx, key);
    if (known !== undefined) {
      if (known.userId === userId && known.amountCents === amountCents) return known;
      throw new ContractError(
        'IDEMPOTENCY_CONFLICT',
        `top-up ${topUpId} was ${known.amountCents} cents for ${known.userId}; use another id`,
      );
    }
    const wallet = await requireWallet(ctx, userId);
    const balanceCents = addCents(wallet.balanceCents, amountCents);
    const topUp: TopUp = { topUpId, userId, amountCents, balanceCents, toppedUpAt: at };
    await writeRecord(ctx, key, topUp);
    await writeRecord(ctx, recordKey(ctx, WALLET, userId), { ...wallet, balanceCents, updatedAt: at });
    const entry = { kind: 'TOP_UP', amountCents, reference: topUpId, time: at } as const;
    await writeEntry(ctx, { ...entry, account: ISSUED });
    await writeEntry(ctx, { ...entry, account: userId });
    emit(ctx, 'WalletToppedUp', topUp);
    return topUp;
  }

  @Describe('Takes money from a wallet and holds it for a payee, for 24 hours at least', {
    paymentId,
    userId,
    payeeMspId: oneOf('The organization that may capture the payment', PAYEES),
    amountCents: cents('How much'),
    purpose,
  })
  @Transaction()
  @Returns('Payment')
  async HoldPayment(
    ctx: Context,
    paymentId: string,
    userId: string,
    payeeMspId: string,
    amountCents: number,
    purpose: string,
  ): Promise<Payment> {
    requireCaller(ctx, HOLDERS);
    return hold(ctx, transactionTime(ctx), { paymentId, userId, payeeMspId, amountCents, purpose });
  }

  @Describe("Turns a held payment into the payee's income", { paymentId })
  @Transaction()
  @Returns('Payment')
  async CapturePayment(ctx: Context, paymentId: string): Promise<Payment> {
    return capture(ctx, transactionTime(ctx), paymentId);
  }

  @Describe('Gives a held payment back', { paymentId, reason: text('Why the payment is released') })
  @Transaction()
  @Returns('Payment')
  async ReleasePayment(ctx: Context, paymentId: string, reason: string): Promise<Payment> {
    return release(ctx, transactionTime(ctx), paymentId, reason);
  }

  @Describe('Gives a captured payment back', { paymentId, reason: text('Why the payment is refunded') })
  @Transaction()
  @Returns('Payment')
  async RefundPayment(ctx: Context, paymentId: string, reason: string): Promise<Payment> {
    return refund(ctx, transactionTime(ctx), paymentId, reason);
  }

  @Describe('Returns a wallet', { userId })
  @Transaction(false)
  @Returns('Wallet')
  async GetWallet(ctx: Context, userId: string): Promise<Wallet> {
    return requireWallet(ctx, userId);
  }

  @Describe('Returns a payment', { paymentId })
  @Transaction(false)
  @Returns('Payment')
  async GetPayment(ctx: Context, paymentId: string): Promise<Payment> {
    return requirePayment(ctx, paymentId);
  }

  @Describe('Lists the movements of an account, oldest first', { account, ...paging })
  @Transaction(false)
  @Returns('EntryPage')
  async ListEntries(ctx: Context, account: string, pageSize: number, bookmark: string): Promise<EntryPage> {
    if (!isReserved(account)) await requireWallet(ctx, account);
    return readPage(ctx, { kind: ENTRY, attributes: [account] }, pageSize, bookmark, ({ value }) =>
      parseRecord<Entry>(value),
    );
  }

  @Describe('Lists payments by id', paging)
  @Transaction(false)
  @Returns('PaymentPage')
  async ListPayments(ctx: Context, pageSize: number, bookmark: string): Promise<PaymentPage> {
    return readPage(ctx, { kind: PAYMENT, attributes: [] }, pageSize, bookmark, ({ value }) =>
      parseRecord<Payment>(value),
    );
  }

  @Describe('Lists wallets by user', paging)
  @Transaction(false)
  @Returns('WalletPage')
  async ListWallets(ctx: Context, pageSize: number, bookmark: string): Promise<WalletPage> {
    return readPage(ctx, { kind: WALLET, attributes: [] }, pageSize, bookmark, ({ value }) =>
      parseRecord<Wallet>(value),
    );
  }
}

/** Accounts of the system share their name space with users: no user may take such a name. */
const isReserved = (account: string): boolean => account === ISSUED || PAYEES.includes(account);
