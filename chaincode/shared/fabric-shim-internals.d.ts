/**
 * The class by which fabric-shim's own start command turns contracts into a chaincode. It is not exported,
 * and the command that uses it wants a package.json beside the code, which a bundle has not.
 */
declare module 'fabric-shim/lib/contract-spi/chaincodefromcontract' {
  import type { Contract } from 'fabric-contract-api';
  import type { ChaincodeInterface, ChaincodeResponse, ChaincodeStub } from 'fabric-shim-api';

  export default class ChaincodeFromContract implements ChaincodeInterface {
    constructor(
      contracts: (new () => Contract)[],
      serializers: { transaction: string; serializers: Record<string, unknown> },
      metadata: object,
      title: string,
      version: string,
    );
    readonly metadata: { readonly contracts: Record<string, { transactions: unknown[] }> };
    readonly defaultContractName: string;
    Init(stub: ChaincodeStub): Promise<ChaincodeResponse>;
    Invoke(stub: ChaincodeStub): Promise<ChaincodeResponse>;
    invokeFunctionality(stub: ChaincodeStub): Promise<ChaincodeResponse>;
  }
}
