import { createHash } from 'node:crypto';
import { msp, type common } from '@hyperledger/fabric-protos';
import { parseCertificatePem } from './certificate';
import { endorsedActionOf } from './chaincode-action';
import { decodeMessage } from './wire';

/** Who endorsed a transaction's (first) action, and what they endorsed. Signatures are not checked. */
export interface Endorsement {
  /** `name`: the common name in the endorser's certificate, which is the node's; empty where it can't be read. */
  readonly endorsers: readonly { readonly mspId: string; readonly name: string }[];
  readonly responseStatus: number;
  /** SHA-256 of the proposal response payload that all of them signed, hex. */
  readonly responseHash: string;
}

/**
 * @returns undefined for other envelopes than those of endorser transactions
 * @throws WireError when a layer on the way is malformed
 */
export function endorsementOf(envelope: Uint8Array | common.Envelope): Endorsement | undefined {
  const endorsed = endorsedActionOf(envelope);
  return (
    endorsed && {
      endorsers: endorsed.endorsements.map((one) => endorser(one.getEndorser_asU8())),
      responseStatus: endorsed.action.getResponse()?.getStatus() ?? 0,
      responseHash: createHash('sha256').update(endorsed.signed).digest('hex'),
    }
  );
}

function endorser(serialized: Uint8Array): Endorsement['endorsers'][number] {
  const identity = decodeMessage(msp.SerializedIdentity, serialized, 'SerializedIdentity');
  return { mspId: identity.getMspid(), name: commonName(identity.getIdBytes_asU8()) };
}

/** Whoever wrote the block may have written anything there. */
function commonName(certificate: Uint8Array): string {
  try {
    return parseCertificatePem(certificate).commonName;
  } catch {
    return '';
  }
}
