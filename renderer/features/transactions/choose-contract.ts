import type { ContractStatus } from '../../../electron/api/models';
import type { TransactionsSearch } from './search';

/**
 * The contract that the address names, else the one of the channel chosen in the header, else the first. The channel
 * decides where both disagree: it is what was chosen last.
 */
export function chooseContract(
  contracts: readonly ContractStatus[],
  { contract, channel }: Pick<TransactionsSearch, 'contract'> & { readonly channel?: string | undefined },
): { readonly contract: ContractStatus; readonly notice?: string } | undefined {
  const onChannel = contracts.filter((one) => channel === undefined || one.channel === channel);
  const named = onChannel.find(({ name }) => name === contract);
  if (named) return { contract: named };
  const [first] = onChannel;
  if (!first) {
    const [any] = contracts;
    return any && { contract: any, notice: `No contract is declared on ${channel ?? 'any channel'}.` };
  }
  const elsewhere = contract === undefined ? undefined : contracts.find(({ name }) => name === contract);
  if (contract === undefined || elsewhere) return { contract: first };
  return { contract: first, notice: `There is no contract ${contract}. This is ${first.name}.` };
}
