import { Object as DataType, Property } from 'fabric-contract-api';

export type PaymentState = 'HELD' | 'CAPTURED' | 'RELEASED' | 'REFUNDED';

/**
 * Money taken from a wallet for a purpose. HELD → CAPTURED | RELEASED, CAPTURED → REFUNDED. Each step adds its
 * own fields and changes none, so that what a call first returned can be told again later.
 */
@DataType()
export class Payment {
  @Property() paymentId!: string;
  @Property() userId!: string;
  @Property() payeeMspId!: string;
  @Property() amountCents!: number;
  @Property() purpose!: string;
  @Property('state', 'string') state!: PaymentState;
  @Property() heldAt!: string;
  /** From then on UserService too may release the hold. */
  @Property() expiresAt!: string;
  @Property('capturedAt', 'string') capturedAt?: string;
  @Property('releasedAt', 'string') releasedAt?: string;
  @Property('releaseReason', 'string') releaseReason?: string;
  @Property('refundedAt', 'string') refundedAt?: string;
  @Property('refundReason', 'string') refundReason?: string;
}

@DataType()
export class PaymentPage {
  @Property('records', 'Payment[]') records!: Payment[];
  @Property() bookmark!: string;
  @Property() fetched!: number;
}

/** The payment as HoldPayment returned it. */
export function asHeld(payment: Payment): Payment {
  const { paymentId, userId, payeeMspId, amountCents, purpose, heldAt, expiresAt } = payment;
  return { paymentId, userId, payeeMspId, amountCents, purpose, state: 'HELD', heldAt, expiresAt };
}

/** The payment as CapturePayment returned it. */
export const asCaptured = (payment: Payment, capturedAt: string): Payment => ({
  ...asHeld(payment),
  state: 'CAPTURED',
  capturedAt,
});
