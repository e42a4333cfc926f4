import { ledger, peer } from '@hyperledger/fabric-protos';
import { decodeMessage } from '../../../protocol/wire';
import { messageOf } from './status';

/**
 * In what two proposal response payloads for the same proposal differ, one line each, for the log
 * (internal/pkg/gateway/diff.go). Never throws: payloads that can't be read are a difference too.
 */
export function describeDifference(expected: Uint8Array, actual: Uint8Array): string[] {
  try {
    const [first, second] = [actionOf(expected), actionOf(actual)];
    const lines = resultDifference(facts(first), facts(second));
    if (!sameBytes(first.getEvents_asU8(), second.getEvents_asU8())) lines.push('chaincode event mismatch');
    const responses = [first, second].map((action) =>
      Buffer.from(action.getResponse()?.serializeBinary() ?? new Uint8Array()),
    );
    if (responses[0]?.equals(responses[1] ?? Buffer.alloc(0)) === false) {
      lines.push('chaincode response mismatch');
    }
    return lines;
  } catch (error) {
    return [`failed to analyse response mismatch: ${messageOf(error)}`];
  }
}

function actionOf(payload: Uint8Array): peer.ChaincodeAction {
  const response = decodeMessage(peer.ProposalResponsePayload, payload, 'ProposalResponsePayload');
  return decodeMessage(peer.ChaincodeAction, response.getExtension_asU8(), 'ChaincodeAction');
}

/** What an endorser saw and would write: 'read of ns/key' → version, 'write of ns/key' → value… */
function facts(action: peer.ChaincodeAction): Map<string, string> {
  const { TxReadWriteSet } = ledger.rwset;
  const { KVRWSet } = ledger.rwset.kvrwset;
  const found = new Map<string, string>();
  const results = decodeMessage(TxReadWriteSet, action.getResults_asU8(), 'TxReadWriteSet');
  for (const part of results.getNsRwsetList()) {
    const namespace = part.getNamespace();
    const set = decodeMessage(KVRWSet, part.getRwset_asU8(), 'KVRWSet');
    for (const read of set.getReadsList()) {
      const version = read.getVersion();
      found.set(
        `read of ${namespace}/${read.getKey()}`,
        version === undefined ? 'absent' : `version ${version.getBlockNum()}:${version.getTxNum()}`,
      );
    }
    for (const write of set.getWritesList()) {
      found.set(
        `write of ${namespace}/${write.getKey()}`,
        write.getIsDelete() ? 'delete' : Buffer.from(write.getValue_asU8()).toString('utf8'),
      );
    }
    for (const metadata of set.getMetadataWritesList()) {
      found.set(
        `metadata of ${namespace}/${metadata.getKey()}`,
        Buffer.from(metadata.serializeBinary()).toString('hex'),
      );
    }
    for (const hashed of part.getCollectionHashedRwsetList()) {
      found.set(
        `private collection hash of ${namespace}/${hashed.getCollectionName()}`,
        Buffer.from(hashed.getPvtRwsetHash_asU8()).toString('hex'),
      );
    }
  }
  return found;
}

function resultDifference(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): string[] {
  const keys = new Set([...expected.keys(), ...actual.keys()]);
  return [...keys]
    .filter((key) => expected.get(key) !== actual.get(key))
    .map(
      (key) =>
        `${key}: ${expected.get(key) ?? 'missing'} by the first endorser, ${actual.get(key) ?? 'missing'} here`,
    );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a).equals(b);
}
