import { Contract, type Context } from 'fabric-contract-api';
import { ContractError } from './errors';
import { functionName } from './invocation';

/** What every contract of CityFlow has beside its own functions. */
export abstract class CityContract extends Contract {
  override async unknownTransaction(ctx: Context): Promise<void> {
    await Promise.reject(
      new ContractError(
        'FUNCTION_NOT_FOUND',
        `${this.getName()} has no function ${functionName(ctx)}; org.hyperledger.fabric:GetMetadata lists them`,
      ),
    );
  }
}
