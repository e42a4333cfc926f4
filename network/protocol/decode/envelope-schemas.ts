import { common } from '@hyperledger/fabric-protos';
import { config, configUpdate } from './config-schemas';
import { readFields, type RawFields } from './fields';
import {
  bytes,
  bytesList,
  int32,
  message,
  messages,
  opaque,
  opaqueBy,
  opaqueList,
  string,
  timestamp,
  uint64,
  type Schema,
} from './schema';
import { chaincodeHeaderExtension, signatureHeader, transaction } from './transaction-schemas';

const { HeaderType } = common;

const channelHeader: Schema = {
  fields: {
    1: int32('type'),
    2: int32('version'),
    3: timestamp('timestamp'),
    4: string('channel_id'),
    5: string('tx_id'),
    6: uint64('epoch'),
    7: opaqueBy('extension', (fields) =>
      headerType(fields) === HeaderType.ENDORSER_TRANSACTION ? chaincodeHeaderExtension : undefined,
    ),
    8: bytes('tls_cert_hash'),
  },
};

function headerType(channelHeaderFields: RawFields): number {
  return Number(channelHeaderFields.get(1)?.at(-1) ?? 0);
}

const header: Schema = {
  fields: { 1: opaque('channel_header', channelHeader), 2: opaque('signature_header', signatureHeader) },
};

const configUpdateEnvelope: Schema = {
  fields: {
    1: opaque('config_update', configUpdate),
    2: messages('signatures', {
      fields: { 1: opaque('signature_header', signatureHeader), 2: bytes('signature') },
    }),
  },
};

const configEnvelope: Schema = {
  fields: { 1: message('config', config), 2: message('last_update', () => envelope) },
};

/** What a payload's data hold, by the type in its channel header; other types stay base64. */
function payloadData(fields: RawFields): Schema | undefined {
  const headerBytes = fields.get(1)?.at(-1);
  if (!(headerBytes instanceof Uint8Array)) return undefined;
  const channelHeaderBytes = readFields(headerBytes).get(1)?.at(-1);
  if (!(channelHeaderBytes instanceof Uint8Array)) return undefined;
  switch (headerType(readFields(channelHeaderBytes))) {
    case HeaderType.CONFIG:
      return configEnvelope;
    case HeaderType.CONFIG_UPDATE:
      return configUpdateEnvelope;
    case HeaderType.ENDORSER_TRANSACTION:
      return transaction;
    case HeaderType.ORDERER_TRANSACTION:
      return envelope;
    default:
      return undefined;
  }
}

/** `common.Envelope`. */
export const envelope: Schema = {
  fields: {
    1: opaque('payload', { fields: { 1: message('header', header), 2: opaqueBy('data', payloadData) } }),
    2: bytes('signature'),
  },
};

/** `common.Block`. */
export const block: Schema = {
  fields: {
    1: message('header', {
      fields: { 1: uint64('number'), 2: bytes('previous_hash'), 3: bytes('data_hash') },
    }),
    2: message('data', { fields: { 1: opaqueList('data', envelope) } }),
    3: message('metadata', { fields: { 1: bytesList('metadata') } }),
  },
};
