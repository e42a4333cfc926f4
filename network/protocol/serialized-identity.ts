import { msp } from '@hyperledger/fabric-protos';
import { decodeMessage } from './wire';

/** Serialized `msp.SerializedIdentity` of a certificate, unchanged. */
export function serializeIdentity(mspId: string, certificatePem: string | Uint8Array): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(
    typeof certificatePem === 'string' ? Buffer.from(certificatePem, 'utf8') : certificatePem,
  );
  return identity.serializeBinary();
}

/** MSP id of a serialized identity, as its bytes claim it; empty when they are malformed. */
export function identityMspId(serializedIdentity: Uint8Array): string {
  try {
    return decodeMessage(msp.SerializedIdentity, serializedIdentity, 'SerializedIdentity').getMspid();
  } catch {
    return '';
  }
}
