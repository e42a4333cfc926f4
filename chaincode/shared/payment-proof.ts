import type { Context } from 'fabric-contract-api';
import { ContractError } from './errors';
import { WALLET_CHANNEL, WALLET_CONTRACT } from './network-names';

/** What a payment must be for to count. */
export interface ExpectedPayment {
  readonly purpose: string;
  readonly payeeMspId: string;
  readonly userId: string;
  readonly amountCents: number;
}

interface PaymentView extends ExpectedPayment {
  readonly state: string;
}

/**
 * Proves by a cross-channel read of `wallet` that a payment is held or captured for exactly this. The read is
 * outside the read set (Fabric validates one channel's reads only), and endorsers may see different heights of
 * the other channel: so nothing of the payment beyond its id may enter a result or a write.
 *
 * @throws ContractError PAYMENT_NOT_VISIBLE and WALLET_UNAVAILABLE (both retryable: the endorser may lag behind
 *   or have just joined), PAYMENT_STATE, PAYMENT_MISMATCH
 */
export async function provePayment(
  ctx: Context,
  paymentId: string,
  expected: ExpectedPayment,
): Promise<void> {
  const payment = await readPayment(ctx, paymentId);
  if (payment.state !== 'HELD' && payment.state !== 'CAPTURED') {
    throw new ContractError(
      'PAYMENT_STATE',
      `payment ${paymentId} is ${payment.state}, needed is HELD or CAPTURED`,
    );
  }
  const differences = (['purpose', 'payeeMspId', 'userId', 'amountCents'] as const)
    .filter((field) => payment[field] !== expected[field])
    .map((field) => `${field} is ${payment[field]}, needed is ${expected[field]}`);
  if (differences.length > 0) {
    throw new ContractError('PAYMENT_MISMATCH', `payment ${paymentId}: ${differences.join('; ')}`);
  }
}

async function readPayment(ctx: Context, paymentId: string): Promise<PaymentView> {
  let response;
  try {
    response = await ctx.stub.invokeChaincode(WALLET_CONTRACT, ['GetPayment', paymentId], WALLET_CHANNEL);
  } catch (error) {
    throw unavailable(error instanceof Error ? error.message : String(error));
  }
  const message = response.message ?? '';
  if (response.status >= 400 && message.startsWith('PAYMENT_NOT_FOUND: ')) {
    throw new ContractError(
      'PAYMENT_NOT_VISIBLE',
      `payment ${paymentId} is not, or not yet, on ${WALLET_CHANNEL} as this endorser sees it; ` +
        'retryable once its hold has been committed',
    );
  }
  if (response.status >= 400) throw unavailable(message);
  return JSON.parse(Buffer.from(response.payload ?? []).toString('utf8')) as PaymentView;
}

const unavailable = (reason: string): ContractError =>
  new ContractError(
    'WALLET_UNAVAILABLE',
    `this endorser cannot read ${WALLET_CHANNEL} now (${reason}); retryable`,
  );
