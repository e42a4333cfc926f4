import { Object as DataType, Property } from 'fabric-contract-api';

/** ACTIVE → STOPPED → SETTLED; a session that cost nothing is settled when it stops. */
export type SessionState = 'ACTIVE' | 'STOPPED' | 'SETTLED';

@DataType()
export class Session {
  @Property() sessionId!: string;
  @Property() stationId!: string;
  @Property() connectorId!: number;
  @Property() userId!: string;
  @Property('state', 'string') state!: SessionState;
  /** The station's price when the session started. */
  @Property() centsPerKwh!: number;
  /** Energy delivered so far. */
  @Property() wattHours!: number;
  @Property() startedAt!: string;
  @Property('meteredAt', 'string') meteredAt?: string;
  @Property('stoppedAt', 'string') stoppedAt?: string;
  @Property('costCents', 'number') costCents?: number;
  @Property('paymentId', 'string') paymentId?: string;
  @Property('settledAt', 'string') settledAt?: string;
}

@DataType()
export class SessionPage {
  @Property('records', 'Session[]') records!: Session[];
  @Property() bookmark!: string;
  @Property() fetched!: number;
}
