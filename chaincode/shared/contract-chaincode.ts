import type { Contract } from 'fabric-contract-api';
import { Shim } from 'fabric-shim';
import type { ChaincodeInterface, ChaincodeResponse, ChaincodeStub } from 'fabric-shim-api';
import ChaincodeFromContract from 'fabric-shim/lib/contract-spi/chaincodefromcontract';
import { checkArguments, type FunctionMetadata } from './argument-check';
import { ContractError, isCoded } from './errors';
import { CanonicalSerializer } from './serializer';

/**
 * A contract as the chaincode a peer talks to: fabric-shim's own dispatch, with arguments checked first and
 * with a code in front of every refusal.
 */
export class ContractChaincode implements ChaincodeInterface {
  private readonly chaincode: ChaincodeFromContract;
  private running = 0;

  constructor(contract: new () => Contract, title: string, version: string) {
    const serializers = { transaction: 'canonical', serializers: { canonical: CanonicalSerializer } };
    this.chaincode = new ChaincodeFromContract([contract], serializers, {}, title, version);
  }

  /** Transactions under way. */
  get inFlight(): number {
    return this.running;
  }

  Init(stub: ChaincodeStub): Promise<ChaincodeResponse> {
    return this.Invoke(stub);
  }

  async Invoke(stub: ChaincodeStub): Promise<ChaincodeResponse> {
    this.running += 1;
    try {
      this.checkCall(stub);
      const response = await this.chaincode.Invoke(stub);
      return response.status < 400 ? response : Shim.error(coded(response.message ?? ''));
    } catch (error) {
      return Shim.error(coded(error instanceof Error ? error.message : String(error)));
    } finally {
      this.running -= 1;
    }
  }

  /**
   * The functions of a contract as its metadata lists them.
   *
   * @throws ContractError FUNCTION_NOT_FOUND when this chaincode has no such contract
   */
  functions(contractName: string): FunctionMetadata[] {
    const contract = this.chaincode.metadata.contracts[contractName];
    if (contract === undefined) {
      throw new ContractError('FUNCTION_NOT_FOUND', `there is no contract ${contractName} in this chaincode`);
    }
    return contract.transactions as FunctionMetadata[];
  }

  private checkCall(stub: ChaincodeStub): void {
    const [called, ...values] = stub.getArgs();
    if (called === undefined) throw new ContractError('FUNCTION_NOT_FOUND', 'the call names no function');
    const separator = called.indexOf(':');
    const contractName = separator < 0 ? this.chaincode.defaultContractName : called.slice(0, separator);
    const name = called.slice(separator + 1);
    const metadata = this.functions(contractName).find((candidate) => candidate.name === name);
    // An unknown name is left to the contract, which answers in its own words.
    if (metadata !== undefined) checkArguments(metadata, values);
  }
}

/** Refusals of the peer or the shim, and defects of a contract, come without a code of ours. */
const coded = (message: string): string => (isCoded(message) ? message : `INTERNAL_ERROR: ${message}`);
