import type { FunctionMetadata } from '../shared/argument-check';
import { ContractChaincode } from '../shared/contract-chaincode';
import { contractClasses, type ContractName } from './city';

export interface ContractFunction extends Required<FunctionMetadata> {
  readonly evaluateOnly: boolean;
}

interface TaggedFunction extends FunctionMetadata {
  readonly tag: readonly string[];
}

/** The functions of a contract as its metadata lists them. */
export function functionsOf(contract: ContractName): ContractFunction[] {
  const chaincode = new ContractChaincode(contractClasses[contract], contract, '1.0');
  const functions = chaincode.functions(contract) as TaggedFunction[];
  return functions.map(({ name, parameters, tag }) => ({
    name,
    parameters: parameters ?? [],
    evaluateOnly: tag.includes('EVALUATE'),
  }));
}
