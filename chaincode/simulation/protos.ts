import { createRequire } from 'node:module';
import type * as fabricProtos from '@hyperledger/fabric-protos';

/**
 * The very protos fabric-shim uses. Generated google-protobuf code keeps its classes in a global: a second
 * version of them in one process would replace those of the first.
 */
const { common, ledger, msp, peer } = createRequire(createRequire(import.meta.url).resolve('fabric-shim'))(
  '@hyperledger/fabric-protos',
) as typeof fabricProtos;

export { common, ledger, msp, peer };
