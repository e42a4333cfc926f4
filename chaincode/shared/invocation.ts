import type { Context } from 'fabric-contract-api';

/** The called function's name without the contract's (`parking:GetSpot` → `GetSpot`). */
export function functionName(ctx: Context): string {
  const { fcn } = ctx.stub.getFunctionAndParameters();
  return fcn.slice(fcn.indexOf(':') + 1);
}
