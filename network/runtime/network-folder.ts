import path from 'node:path';

/** Where things are in a network's folder, beside the material (see artifacts/paths). */
export class NetworkFolder {
  constructor(readonly root: string) {}

  /** Ledger and state of one node. */
  data(node: string): string {
    return path.join(this.root, 'data', node);
  }

  get dataRoot(): string {
    return path.join(this.root, 'data');
  }

  log(node: string): string {
    return path.join(this.root, 'logs', `${node}.log`);
  }

  /** What is remembered of a node's process, so that the next supervisor finds it again. */
  processRecord(node: string): string {
    return path.join(this.processRecords, `${node}.json`);
  }

  get processRecords(): string {
    return path.join(this.root, 'run');
  }

  /** Compiled code of this project's programs; may be deleted at any time. */
  get compileCache(): string {
    return path.join(this.root, 'cache');
  }

  /** core.yaml of genuine peers. */
  get peerConfiguration(): string {
    return path.join(this.root, 'configuration', 'peer');
  }

  /** orderer.yaml of genuine orderers. */
  get ordererConfiguration(): string {
    return path.join(this.root, 'configuration', 'orderer');
  }

  /** External builder of genuine peers for chaincode-as-a-service packages. */
  get chaincodeBuilder(): string {
    return path.join(this.root, 'configuration', 'ccaas');
  }
}
