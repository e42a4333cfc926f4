import type { Context } from 'fabric-contract-api';
import { accessDenied } from '../shared/access';
import { isoTime } from '../shared/clock';
import { ContractError } from '../shared/errors';
import { functionName } from '../shared/invocation';
import { USER_SERVICE } from '../shared/network-names';
import { emit, readRecord, recordKey, writeRecord } from '../shared/records';
import { writeEntry } from './account';
import { asCaptured, asHeld, type Payment, type PaymentState } from './payment';
import { moveBalance } from './wallets';

export const PAYMENT = 'payment';

/** After this time, in milliseconds, UserService may release a hold that its payee left lying. */
const HOLD_PERIOD = 24 * 60 * 60 * 1000;

export type Hold = Pick<Payment, 'paymentId' | 'userId' | 'payeeMspId' | 'amountCents' | 'purpose'>;

/** @throws ContractError PAYMENT_NOT_FOUND */
export async function requirePayment(ctx: Context, paymentId: string): Promise<Payment> {
  const payment = await readRecord<Payment>(ctx, recordKey(ctx, PAYMENT, paymentId));
  if (payment === undefined) throw new ContractError('PAYMENT_NOT_FOUND', `there is no payment ${paymentId}`);
  return payment;
}

export async function hold(ctx: Context, now: number, request: Hold): Promise<Payment> {
  const { paymentId, userId, payeeMspId, amountCents, purpose } = request;
  const known = await readRecord<Payment>(ctx, recordKey(ctx, PAYMENT, paymentId));
  if (known !== undefined) {
    const same =
      known.userId === userId &&
      known.payeeMspId === payeeMspId &&
      known.amountCents === amountCents &&
      known.purpose === purpose;
    if (same) return asHeld(known);
    throw conflict(
      paymentId,
      `was held with ${known.amountCents} cents of ${known.userId} for ${known.payeeMspId}, ${known.purpose}`,
    );
  }
  const time = isoTime(now);
  await moveBalance(ctx, userId, -amountCents, time);
  await writeEntry(ctx, {
    account: userId,
    kind: 'HOLD',
    amountCents: -amountCents,
    reference: paymentId,
    time,
  });
  const payment: Payment = { ...request, state: 'HELD', heldAt: time, expiresAt: isoTime(now + HOLD_PERIOD) };
  return save(ctx, 'PaymentHeld', payment);
}

export async function capture(ctx: Context, now: number, paymentId: string): Promise<Payment> {
  const payment = await requirePayment(ctx, paymentId);
  requirePayee(ctx, payment);
  if (payment.capturedAt !== undefined) return asCaptured(payment, payment.capturedAt);
  requireState(ctx, payment, 'HELD');
  const time = isoTime(now);
  await writeEntry(ctx, {
    account: payment.payeeMspId,
    kind: 'CAPTURE',
    amountCents: payment.amountCents,
    reference: paymentId,
    time,
  });
  return save(ctx, 'PaymentCaptured', asCaptured(payment, time));
}

export async function release(
  ctx: Context,
  now: number,
  paymentId: string,
  reason: string,
): Promise<Payment> {
  const payment = await requirePayment(ctx, paymentId);
  const expired = now >= Date.parse(payment.expiresAt);
  if (!(expired && ctx.clientIdentity.getMSPID() === USER_SERVICE)) {
    requirePayee(ctx, payment, `, or ${USER_SERVICE} once the hold has expired at ${payment.expiresAt}`);
  }
  if (payment.state === 'RELEASED') {
    if (payment.releaseReason === reason) return payment;
    throw conflict(paymentId, `was released with the reason "${payment.releaseReason}"`);
  }
  requireState(ctx, payment, 'HELD');
  const time = isoTime(now);
  const { userId, amountCents } = payment;
  await moveBalance(ctx, userId, amountCents, time);
  await writeEntry(ctx, { account: userId, kind: 'RELEASE', amountCents, reference: paymentId, time });
  return save(ctx, 'PaymentReleased', {
    ...payment,
    state: 'RELEASED',
    releasedAt: time,
    releaseReason: reason,
  });
}

export async function refund(ctx: Context, now: number, paymentId: string, reason: string): Promise<Payment> {
  const payment = await requirePayment(ctx, paymentId);
  requirePayee(ctx, payment);
  if (payment.state === 'REFUNDED') {
    if (payment.refundReason === reason) return payment;
    throw conflict(paymentId, `was refunded with the reason "${payment.refundReason}"`);
  }
  requireState(ctx, payment, 'CAPTURED');
  const time = isoTime(now);
  const { userId, payeeMspId, amountCents } = payment;
  await moveBalance(ctx, userId, amountCents, time);
  await writeEntry(ctx, { account: userId, kind: 'REFUND', amountCents, reference: paymentId, time });
  await writeEntry(ctx, {
    account: payeeMspId,
    kind: 'REFUND',
    amountCents: -amountCents,
    reference: paymentId,
    time,
  });
  return save(ctx, 'PaymentRefunded', {
    ...payment,
    state: 'REFUNDED',
    refundedAt: time,
    refundReason: reason,
  });
}

async function save(ctx: Context, event: string, payment: Payment): Promise<Payment> {
  await writeRecord(ctx, recordKey(ctx, PAYMENT, payment.paymentId), payment);
  emit(ctx, event, payment);
  return payment;
}

function requirePayee(ctx: Context, payment: Payment, alternatives = ''): void {
  if (ctx.clientIdentity.getMSPID() === payment.payeeMspId) return;
  throw accessDenied(ctx, `${payment.payeeMspId} (the payee of ${payment.paymentId})${alternatives}`);
}

function requireState(ctx: Context, payment: Payment, needed: PaymentState): void {
  if (payment.state === needed) return;
  throw new ContractError(
    'PAYMENT_STATE',
    `payment ${payment.paymentId} is ${payment.state}, ${functionName(ctx)} needs ${needed}`,
  );
}

const conflict = (paymentId: string, earlier: string): ContractError =>
  new ContractError(
    'IDEMPOTENCY_CONFLICT',
    `payment ${paymentId} ${earlier}; a different call needs another id`,
  );
