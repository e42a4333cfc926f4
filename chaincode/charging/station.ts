import { Object as DataType, Property } from 'fabric-contract-api';

/** AVAILABLE ⇄ OUT_OF_SERVICE by the operator, AVAILABLE ⇄ OCCUPIED by sessions. */
export type ConnectorStatus = 'AVAILABLE' | 'OCCUPIED' | 'OUT_OF_SERVICE';

@DataType()
export class Station {
  @Property() stationId!: string;
  @Property() zone!: string;
  /** How many; they are numbered from 1. */
  @Property() connectors!: number;
  @Property() powerKw!: number;
  @Property() centsPerKwh!: number;
  @Property() registeredAt!: string;
}

/** A connector is a record of its own, so that sessions at one station do not stand in each other's way. */
@DataType()
export class Connector {
  @Property() stationId!: string;
  @Property() connectorId!: number;
  @Property('status', 'string') status!: ConnectorStatus;
  /** Only while occupied. */
  @Property('sessionId', 'string') sessionId?: string;
  @Property() updatedAt!: string;
}

@DataType()
export class StationView extends Station {
  @Property('connectorStates', 'Connector[]') connectorStates!: Connector[];
}

@DataType()
export class StationPage {
  @Property('records', 'Station[]') records!: Station[];
  @Property() bookmark!: string;
  @Property() fetched!: number;
}

/** A change of the station itself or, with a connectorId, of one of its connectors. */
@DataType()
export class StationChange {
  @Property() txId!: string;
  @Property() time!: string;
  @Property() deleted!: boolean;
  @Property('connectorId', 'number') connectorId?: number;
  @Property('station', 'Station') station?: Station;
  @Property('connector', 'Connector') connector?: Connector;
}
