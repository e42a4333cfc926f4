import { common } from '@hyperledger/fabric-protos';
import { decodeMessage } from '../wire';
import { describeIdentity, type IdentityDescription } from './identity-description';

/** A signature whose signed header names who made it: of an orderer on a block, of an admin on an update. */
export interface HeaderSignature {
  readonly signer: IdentityDescription;
  readonly nonce: Uint8Array;
  readonly signature: Uint8Array;
}

/** Throws WireError where the header cannot be read. */
export function headerSignature(message: common.MetadataSignature | common.ConfigSignature): HeaderSignature {
  const header = decodeMessage(common.SignatureHeader, message.getSignatureHeader_asU8(), 'SignatureHeader');
  return {
    signer: describeIdentity(header.getCreator_asU8()),
    nonce: header.getNonce_asU8(),
    signature: message.getSignature_asU8(),
  };
}
