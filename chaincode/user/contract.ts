import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { requireCaller, type Callers } from '../shared/access';
import { CityContract } from '../shared/city-contract';
import { isoTime, transactionTime } from '../shared/clock';
import { ContractError } from '../shared/errors';
import { readHistory } from '../shared/history';
import { REGISTRAR, USER_SERVICE } from '../shared/network-names';
import { readPage } from '../shared/paging';
import { Describe, id, oneOf, paging, text, type Parameter } from '../shared/parameters';
import { emit, parseRecord, readRecord, recordKey, writeRecord } from '../shared/records';
import { USER_ROLES, VEHICLE_LIMIT, type User, type UserChange, type UserPage } from './user';
// For their effect: the types' decorators put them into the metadata.
import './user';

export const VERSION = '1.0';

const REGISTRARS: Callers = { mspIds: [USER_SERVICE], role: REGISTRAR };

const userId = id("The user's id");
const displayName = text("The user's name as shown to people");
const role = oneOf("The user's role in CityFlow's services", USER_ROLES);
const plate: Parameter = {
  description: 'A licence plate in capital letters, for example B-CF 1234',
  schema: { type: 'string', pattern: '^[A-ZÄÖÜ0-9][A-ZÄÖÜ0-9 -]*$', minLength: 2, maxLength: 14 },
};

const USER = 'user';
/** Says whose vehicle carries a plate, so that no two users register the same one. */
const PLATE = 'plate';

@Info({
  title: 'user',
  version: VERSION,
  description: 'The people who use CityFlow and their vehicles, kept by UserService',
})
export class UserContract extends CityContract {
  constructor() {
    super('user');
  }

  @Describe('Registers a user', { userId, displayName, role })
  @Transaction()
  @Returns('User')
  async RegisterUser(ctx: Context, userId: string, displayName: string, role: string): Promise<User> {
    const at = beginWrite(ctx);
    if ((await readRecord(ctx, recordKey(ctx, USER, userId))) !== undefined) {
      throw new ContractError('USER_EXISTS', `user ${userId} is already registered`);
    }
    const user: User = {
      userId,
      displayName,
      role,
      status: 'ACTIVE',
      vehicles: [],
      registeredAt: at,
      updatedAt: at,
    };
    return save(ctx, 'UserRegistered', user);
  }

  @Describe('Changes name and role of a user', { userId, displayName, role })
  @Transaction()
  @Returns('User')
  async UpdateUser(ctx: Context, userId: string, displayName: string, role: string): Promise<User> {
    const at = beginWrite(ctx);
    const user = await requireUser(ctx, userId);
    return save(ctx, 'UserUpdated', { ...user, displayName, role, updatedAt: at });
  }

  @Describe('Suspends a user', { userId, reason: text('Why the user is suspended') })
  @Transaction()
  @Returns('User')
  async SuspendUser(ctx: Context, userId: string, reason: string): Promise<User> {
    const at = beginWrite(ctx);
    const user = await requireUser(ctx, userId);
    requireActive(user);
    return save(ctx, 'UserSuspended', {
      ...user,
      status: 'SUSPENDED',
      suspensionReason: reason,
      updatedAt: at,
    });
  }

  @Describe("Ends a user's suspension", { userId })
  @Transaction()
  @Returns('User')
  async ReinstateUser(ctx: Context, userId: string): Promise<User> {
    const at = beginWrite(ctx);
    const { suspensionReason, ...user } = await requireUser(ctx, userId);
    if (suspensionReason === undefined) {
      throw new ContractError('USER_NOT_SUSPENDED', `user ${userId} is not suspended`);
    }
    return save(ctx, 'UserReinstated', { ...user, status: 'ACTIVE', updatedAt: at });
  }

  @Describe('Registers a vehicle of a user', { userId, plate })
  @Transaction()
  @Returns('User')
  async AddVehicle(ctx: Context, userId: string, plate: string): Promise<User> {
    const at = beginWrite(ctx);
    const user = await requireUser(ctx, userId);
    requireActive(user);
    const plateKey = recordKey(ctx, PLATE, plate);
    const owner = await readRecord<{ userId: string }>(ctx, plateKey);
    if (owner !== undefined) {
      throw new ContractError('VEHICLE_EXISTS', `plate ${plate} is registered for user ${owner.userId}`);
    }
    if (user.vehicles.length >= VEHICLE_LIMIT) {
      throw new ContractError(
        'VEHICLE_LIMIT',
        `user ${userId} has ${VEHICLE_LIMIT} vehicles, more are not allowed`,
      );
    }
    await writeRecord(ctx, plateKey, { userId });
    return save(ctx, 'VehicleAdded', { ...user, vehicles: [...user.vehicles, plate], updatedAt: at });
  }

  @Describe('Removes a vehicle of a user', { userId, plate })
  @Transaction()
  @Returns('User')
  async RemoveVehicle(ctx: Context, userId: string, plate: string): Promise<User> {
    const at = beginWrite(ctx);
    const user = await requireUser(ctx, userId);
    if (!user.vehicles.includes(plate)) {
      throw new ContractError('VEHICLE_NOT_FOUND', `user ${userId} has no vehicle ${plate}`);
    }
    await ctx.stub.deleteState(recordKey(ctx, PLATE, plate));
    const vehicles = user.vehicles.filter((other) => other !== plate);
    return save(ctx, 'VehicleRemoved', { ...user, vehicles, updatedAt: at });
  }

  @Describe('Returns a user', { userId })
  @Transaction(false)
  @Returns('User')
  async GetUser(ctx: Context, userId: string): Promise<User> {
    return requireUser(ctx, userId);
  }

  @Describe('Lists users by id', paging)
  @Transaction(false)
  @Returns('UserPage')
  async ListUsers(ctx: Context, pageSize: number, bookmark: string): Promise<UserPage> {
    return readPage(ctx, { kind: USER, attributes: [] }, pageSize, bookmark, ({ value }) =>
      parseRecord<User>(value),
    );
  }

  @Describe('Returns the changes of a user, newest first', { userId })
  @Transaction(false)
  @Returns('UserChange[]')
  async GetUserHistory(ctx: Context, userId: string): Promise<UserChange[]> {
    await requireUser(ctx, userId);
    return readHistory<User>(ctx, recordKey(ctx, USER, userId));
  }
}

/** What every change starts with: the registrar's right and the transaction's time. */
function beginWrite(ctx: Context): string {
  requireCaller(ctx, REGISTRARS);
  return isoTime(transactionTime(ctx));
}

async function requireUser(ctx: Context, userId: string): Promise<User> {
  const user = await readRecord<User>(ctx, recordKey(ctx, USER, userId));
  if (user === undefined) throw new ContractError('USER_NOT_FOUND', `there is no user ${userId}`);
  return user;
}

function requireActive(user: User): void {
  if (user.status === 'SUSPENDED') {
    throw new ContractError('USER_SUSPENDED', `user ${user.userId} is suspended: ${user.suspensionReason}`);
  }
}

async function save(ctx: Context, event: string, user: User): Promise<User> {
  await writeRecord(ctx, recordKey(ctx, USER, user.userId), user);
  emit(ctx, event, user);
  return user;
}
