import { common } from '@hyperledger/fabric-protos';
import { blockHeader, blockHeaderBytes, signaturesMetadata } from './block';
import type { SignedData } from './policy';
import { decodeMessage } from './wire';

/** Policy an orderer's block signatures must satisfy. */
export const BLOCK_VALIDATION = '/Channel/Orderer/BlockValidation';

/** The orderers' signatures over a block as policies evaluate them (internal/pkg/peer mcs.VerifyBlock). */
export function blockSignatures(block: common.Block): SignedData[] {
  const metadata = signaturesMetadata(block);
  const header = blockHeaderBytes(blockHeader(block));
  return metadata.getSignaturesList().map((signature) => {
    const signatureHeader = signature.getSignatureHeader_asU8();
    return {
      identity: decodeMessage(common.SignatureHeader, signatureHeader, 'SignatureHeader').getCreator_asU8(),
      data: Buffer.concat([metadata.getValue_asU8(), signatureHeader, header]),
      signature: signature.getSignature_asU8(),
    };
  });
}
