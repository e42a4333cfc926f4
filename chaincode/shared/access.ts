import type { Context } from 'fabric-contract-api';
import { ContractError } from './errors';
import { functionName } from './invocation';

/** Organizations that may call a function, and the role their certificate must then carry. */
export interface Callers {
  readonly mspIds: readonly string[];
  readonly role?: string;
}

/**
 * Refuses a caller whose MSP or `role` attribute is not among those named.
 *
 * @throws ContractError ACCESS_DENIED, naming who may call and who called
 */
export function requireCaller(ctx: Context, allowed: Callers): void {
  const role = ctx.clientIdentity.getAttributeValue('role');
  const memberOfOne = allowed.mspIds.includes(ctx.clientIdentity.getMSPID());
  if (memberOfOne && (allowed.role === undefined || role === allowed.role)) return;
  const needed =
    joinAlternatives(allowed.mspIds) + (allowed.role === undefined ? '' : ` with role ${allowed.role}`);
  throw accessDenied(ctx, needed);
}

/** The refusal for rules that depend on a record, for example on a payment's payee. */
export function accessDenied(ctx: Context, needed: string): ContractError {
  const role = ctx.clientIdentity.getAttributeValue('role');
  const caller = `${ctx.clientIdentity.getMSPID()} ${role === null ? 'without a role' : `with role ${role}`}`;
  return new ContractError('ACCESS_DENIED', `${functionName(ctx)} needs ${needed}; caller is ${caller}`);
}

function joinAlternatives(names: readonly string[]): string {
  const last = names.at(-1) ?? 'nobody';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
