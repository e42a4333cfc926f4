import type { ContractFunction, ContractParameter } from '../../../electron/api/contract-models';
import type { RequestOf } from '../../../electron/api/operations';
import { argumentsFromJson } from './argument-json';
import type { Draft } from './draft';
import { faultOf } from './value-check';

export type ContractCallRequest = RequestOf<'transaction.run'>;

/** What is called, as far as the contract describes it. */
export interface Called {
  readonly contract: string;
  readonly channel: string;
  /** What the address names, where the contract does not describe it: the name is then typed. */
  readonly named: string;
  readonly described: ContractFunction | undefined;
}

/** Null: the contract does not say which arguments there are. */
export const parametersOf = ({ described }: Called): readonly ContractParameter[] | null =>
  described?.parameters ?? null;

/** The draft's arguments, as many as the function takes. */
export function argumentsOf(called: Called, { args }: Draft): readonly string[] {
  const parameters = parametersOf(called);
  return parameters === null ? args : parameters.map((_, index) => args[index] ?? '');
}

export const functionOf = ({ described, named }: Called, { functionName }: Draft): string =>
  described?.call ?? (functionName ?? named).trim();

export function callOf(called: Called, draft: Draft, as: string): ContractCallRequest {
  const transient = draft.transient.filter(({ name }) => name !== '');
  return {
    as,
    channel: called.channel,
    contract: called.contract,
    function: functionOf(called, draft),
    args: [...argumentsOf(called, draft)],
    ...(transient.length > 0 && {
      transient: Object.fromEntries(transient.map(({ name, value }) => [name, value])),
    }),
    ...(draft.endorsers && { endorsingOrganizations: [...draft.endorsers] }),
  };
}

/** What keeps the call from being sent, in words; undefined where nothing does. */
export function firstFault(called: Called, draft: Draft): string | undefined {
  if (functionOf(called, draft) === '') return 'Name the function to call.';
  const parameters = parametersOf(called);
  if (draft.json !== undefined) {
    const [fault] = argumentsFromJson(parameters, draft.json).faults;
    if (fault) return `The JSON cannot be sent. Line ${String(fault.line)}: ${fault.words}`;
  }
  const args = argumentsOf(called, draft);
  const wrong = parameters?.findIndex(
    ({ schema }, index) => faultOf(schema, args[index] ?? '') !== undefined,
  );
  if (wrong !== undefined && wrong >= 0) {
    const name = parameters?.[wrong]?.name ?? `Argument ${String(wrong + 1)}`;
    return args[wrong] === '' ? `Fill in ${name} first.` : `${name} is not right yet.`;
  }
  return transientFault(draft) ?? (draft.endorsers?.length === 0 ? 'Choose who endorses.' : undefined);
}

function transientFault({ transient }: Draft): string | undefined {
  const names = transient.map(({ name }) => name);
  if (names.includes('')) return 'Every transient value needs a name.';
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? undefined : `The transient value ${twice} stands here twice.`;
}
