import { common } from '@hyperledger/fabric-protos';
import { decodeConfig, decodeConfigUpdate } from '../decode/block';
import type { JsonObject } from '../decode/schema';
import { decodeMessage } from '../wire';
import { configurationDifferences, updateChanges, type ConfigurationChange } from './configuration-changes';
import { headerSignature, type HeaderSignature } from './header-signature';
import { layer, type Layer } from './layer';

/** A request to change a configuration: what was read, what is to be written. */
export interface ConfigurationUpdate {
  readonly channelId: string;
  /** As configtxlator shows it. */
  readonly update: JsonObject;
  /** By the rules of versions: what is not raised is not changed. */
  readonly changes: readonly ConfigurationChange[];
  /** Of those who agreed to it. */
  readonly signatures: readonly HeaderSignature[];
}

/** A whole configuration, and the update that led to it where there was one. */
export interface Configuration {
  /** Decimal. */
  readonly sequence: string;
  /** As configtxlator shows it. */
  readonly config: JsonObject;
  /** Undefined in block 0. */
  readonly lastUpdate: Layer<ConfigurationUpdate> | undefined;
}

/** common.ConfigEnvelope: the data of a configuration transaction. Throws WireError. */
export function decodeConfiguration(data: Uint8Array): Configuration {
  const envelope = decodeMessage(common.ConfigEnvelope, data, 'ConfigEnvelope');
  const config = decodeConfig(envelope.getConfig() ?? new common.Config());
  const update = envelope.getLastUpdate();
  const payload = update?.getPayload_asU8() ?? new Uint8Array();
  return {
    sequence: textAt(config, 'sequence'),
    config,
    lastUpdate: payload.length === 0 ? undefined : layer(payload, decodeUpdatePayload),
  };
}

function decodeUpdatePayload(bytes: Uint8Array): ConfigurationUpdate {
  return decodeConfigurationUpdate(decodeMessage(common.Payload, bytes, 'Payload').getData_asU8());
}

/** common.ConfigUpdateEnvelope. Throws WireError. */
export function decodeConfigurationUpdate(data: Uint8Array): ConfigurationUpdate {
  const envelope = decodeMessage(common.ConfigUpdateEnvelope, data, 'ConfigUpdateEnvelope');
  const update = decodeConfigUpdate(envelope.getConfigUpdate_asU8());
  return {
    channelId: textAt(update, 'channel_id'),
    update,
    changes: updateChanges(update),
    signatures: envelope.getSignaturesList().map(headerSignature),
  };
}

function textAt(json: JsonObject, name: string): string {
  const text = json[name];
  return typeof text === 'string' ? text : '';
}

/** What a configuration changes in the one before it. */
export function changesSince(before: Configuration, after: Configuration): ConfigurationChange[] {
  return configurationDifferences(before.config, after.config);
}
