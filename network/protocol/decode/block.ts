import type { common } from '@hyperledger/fabric-protos';
import { config, configUpdate } from './config-schemas';
import { block } from './envelope-schemas';
import { decodeAs, type JsonObject } from './schema';

/**
 * A block as `configtxlator proto_decode --type common.Block` writes it. Unlike that tool it does not fail on
 * payload types, configuration values and policy types it does not know: those stay base64. Throws WireError when
 * the bytes are malformed.
 */
export function decodeBlock(source: common.Block | Uint8Array): JsonObject {
  return decodeAs(block, source instanceof Uint8Array ? source : source.serializeBinary());
}

/** A configuration as `configtxlator proto_decode --type common.Config` writes it. Throws WireError. */
export function decodeConfig(source: common.Config | Uint8Array): JsonObject {
  return decodeAs(config, source instanceof Uint8Array ? source : source.serializeBinary());
}

/** A configuration update as `configtxlator proto_decode --type common.ConfigUpdate` writes it. Throws WireError. */
export function decodeConfigUpdate(source: common.ConfigUpdate | Uint8Array): JsonObject {
  return decodeAs(configUpdate, source instanceof Uint8Array ? source : source.serializeBinary());
}
