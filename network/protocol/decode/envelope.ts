import type { common } from '@hyperledger/fabric-protos';
import { envelope } from './envelope-schemas';
import { decodeAs, type JsonObject } from './schema';

/** An envelope as `configtxlator proto_decode --type common.Envelope` writes it. Throws WireError. */
export function decodeEnvelope(source: common.Envelope | Uint8Array): JsonObject {
  return decodeAs(envelope, source instanceof Uint8Array ? source : source.serializeBinary());
}
