import { Object as DataType, Property } from 'fabric-contract-api';

/** Roles of people in CityFlow's services; not the roles in certificates. */
export const USER_ROLES = ['driver', 'viewer', 'operator', 'admin'] as const;

export const VEHICLE_LIMIT = 20;

@DataType()
export class User {
  @Property() userId!: string;
  @Property() displayName!: string;
  /** One of USER_ROLES. */
  @Property() role!: string;
  /** ACTIVE or SUSPENDED. */
  @Property('status', 'string') status!: 'ACTIVE' | 'SUSPENDED';
  /** Only while suspended. */
  @Property('suspensionReason', 'string') suspensionReason?: string;
  /** Licence plates in order of registration. */
  @Property('vehicles', 'string[]') vehicles!: string[];
  @Property() registeredAt!: string;
  @Property() updatedAt!: string;
}

@DataType()
export class UserPage {
  @Property('records', 'User[]') records!: User[];
  @Property() bookmark!: string;
  @Property() fetched!: number;
}

@DataType()
export class UserChange {
  @Property() txId!: string;
  @Property() time!: string;
  @Property() deleted!: boolean;
  @Property('value', 'User') value?: User;
}
