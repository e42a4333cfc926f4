import { createHash } from 'node:crypto';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { parseEnvelope } from './envelope';
import { parseCertificatePem } from './certificate';
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
  const { channelHeader, data } = parseEnvelope(envelope);
  if (channelHeader.getType() !== (common.HeaderType.ENDORSER_TRANSACTION as number)) return undefined;
  const [action] = decodeMessage(peer.Transaction, data, 'Transaction').getActionsList();
  if (!action) return undefined;
  const payload = decodeMessage(
    peer.ChaincodeActionPayload,
    action.getPayload_asU8(),
    'ChaincodeActionPayload',
  );
  const endorsed = payload.getAction();
  const signed = endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array();
  const response = decodeMessage(peer.ProposalResponsePayload, signed, 'ProposalResponsePayload');
  const chaincodeAction = decodeMessage(
    peer.ChaincodeAction,
    response.getExtension_asU8(),
    'ChaincodeAction',
  );
  return {
    endorsers: (endorsed?.getEndorsementsList() ?? []).map((one) => endorser(one.getEndorser_asU8())),
    responseStatus: chaincodeAction.getResponse()?.getStatus() ?? 0,
    responseHash: createHash('sha256').update(signed).digest('hex'),
  };
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
