import { Object as DataType, Property } from 'fabric-contract-api';

@DataType()
export class Spot {
  @Property() spotId!: string;
  @Property() zone!: string;
  @Property() kind!: string;
  @Property() hourlyRateCents!: number;
  /** ACTIVE or RETIRED; a retired spot takes no new bookings. */
  @Property('status', 'string') status!: 'ACTIVE' | 'RETIRED';
  @Property() registeredAt!: string;
  @Property() updatedAt!: string;
}

@DataType()
export class SpotPage {
  @Property('records', 'Spot[]') records!: Spot[];
  @Property() bookmark!: string;
  @Property() fetched!: number;
}

@DataType()
export class SpotChange {
  @Property() txId!: string;
  @Property() time!: string;
  @Property() deleted!: boolean;
  @Property('value', 'Spot') value?: Spot;
}
