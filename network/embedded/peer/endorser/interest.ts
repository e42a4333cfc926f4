import { peer } from '@hyperledger/fabric-protos';
import { compareUtf8 } from '../../../protocol/byte-order';
import { isSystemChaincode } from '../system/names';
import type { SimulationResults } from './read-write-set';
import type { SimulationTrace } from './simulator';

/**
 * Whose endorsement policies a transaction must satisfy: every chaincode and collection it touched, system chaincodes
 * aside. A gateway plans endorsement by it (core/endorser/endorser.go buildChaincodeInterest). A namespace whose public
 * state was neither read nor written asks only for its collections' policies.
 */
export function chaincodeInterest(
  results: SimulationResults & { readonly trace: SimulationTrace },
): peer.ChaincodeInterest {
  const { privateReads, writes } = results.trace;
  const required = new Map<string, Map<string, boolean>>();
  const require = (namespace: string, collection: string, value: boolean): void => {
    const collections = required.get(namespace) ?? new Map<string, boolean>();
    collections.set(collection, value);
    required.set(namespace, collections);
  };

  for (const [namespace, collections] of writes) {
    require(namespace, '', false);
    for (const collection of collections) require(namespace, collection, true);
  }
  for (const set of results.publicSet.getNsRwsetList()) {
    if (!required.has(set.getNamespace())) require(set.getNamespace(), '', true);
  }
  for (const [namespace, collections] of privateReads) {
    for (const collection of collections) require(namespace, collection, true);
  }

  const interest = new peer.ChaincodeInterest();
  for (const [namespace, collections] of [...required].sort(([a], [b]) => compareUtf8(a, b))) {
    if (isSystemChaincode(namespace)) continue;
    for (const [collection, needed] of [...collections].sort(([a], [b]) => compareUtf8(a, b))) {
      if (collection === '' && !needed) continue;
      const call = new peer.ChaincodeCall();
      call.setName(namespace);
      if (collection !== '') {
        call.setCollectionNamesList([collection]);
        call.setNoPrivateReads(privateReads.get(namespace)?.has(collection) !== true);
      }
      interest.addChaincodes(call);
    }
  }
  return interest;
}
