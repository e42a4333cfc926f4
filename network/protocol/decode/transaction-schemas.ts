import { ledger, peer } from '@hyperledger/fabric-protos';
import { serializedIdentity } from './identity-schemas';
import {
  bool,
  bytes,
  bytesList,
  bytesMap,
  enumeration,
  int32,
  message,
  messages,
  oneOf,
  opaque,
  opaqueBy,
  string,
  uint32,
  uint64,
  type Schema,
} from './schema';

export const signatureHeader: Schema = {
  fields: { 1: opaque('creator', serializedIdentity), 2: bytes('nonce') },
};

const chaincodeId: Schema = { fields: { 1: string('path'), 2: string('name'), 3: string('version') } };

export const chaincodeHeaderExtension: Schema = { fields: { 2: message('chaincode_id', chaincodeId) } };

const chaincodeInvocationSpec: Schema = {
  fields: {
    1: message('chaincode_spec', {
      fields: {
        1: enumeration('type', peer.ChaincodeSpec.Type),
        2: message('chaincode_id', chaincodeId),
        3: message('input', {
          fields: { 1: bytesList('args'), 2: bytesMap('decorations'), 3: bool('is_init') },
        }),
        4: int32('timeout'),
      },
    }),
  },
};

const chaincodeProposalPayload: Schema = {
  fields: { 1: opaque('input', chaincodeInvocationSpec), 2: bytesMap('TransientMap') },
};

const version: Schema = { fields: { 1: uint64('block_num'), 2: uint64('tx_num') } };
const kvRead: Schema = { fields: { 1: string('key'), 2: message('version', version) } };
const metadataEntry: Schema = { fields: { 1: string('name'), 2: bytes('value') } };

const rangeQueryInfo: Schema = {
  fields: {
    1: string('start_key'),
    2: string('end_key'),
    3: bool('itr_exhausted'),
    4: oneOf(message('raw_reads', { fields: { 1: messages('kv_reads', kvRead) } })),
    5: oneOf(
      message('reads_merkle_hashes', {
        fields: { 1: uint32('max_degree'), 2: uint32('max_level'), 3: bytesList('max_level_hashes') },
      }),
    ),
  },
};

/** `kvrwset.KVRWSet`. */
export const kvReadWriteSet: Schema = {
  fields: {
    1: messages('reads', kvRead),
    2: messages('range_queries_info', rangeQueryInfo),
    3: messages('writes', { fields: { 1: string('key'), 2: bool('is_delete'), 3: bytes('value') } }),
    4: messages('metadata_writes', { fields: { 1: string('key'), 2: messages('entries', metadataEntry) } }),
  },
};

const { KV } = ledger.rwset.TxReadWriteSet.DataModel;

/** Hashed read-write sets stay base64: that is how configtxlator shows them. */
const collectionHashedReadWriteSet: Schema = {
  fields: { 1: string('collection_name'), 2: bytes('hashed_rwset'), 3: bytes('pvt_rwset_hash') },
};

const namespaceReadWriteSet: Schema = {
  fields: {
    1: string('namespace'),
    2: opaque('rwset', kvReadWriteSet),
    3: messages('collection_hashed_rwset', collectionHashedReadWriteSet),
  },
};

const txReadWriteSet: Schema = {
  fields: {
    1: enumeration('data_model', { KV }),
    2: messages('ns_rwset', namespaceReadWriteSet),
  },
};

const chaincodeEvent: Schema = {
  fields: { 1: string('chaincode_id'), 2: string('tx_id'), 3: string('event_name'), 4: bytes('payload') },
};

const chaincodeAction: Schema = {
  fields: {
    1: opaque('results', txReadWriteSet),
    2: opaque('events', chaincodeEvent),
    3: message('response', { fields: { 1: int32('status'), 2: string('message'), 3: bytes('payload') } }),
    4: message('chaincode_id', chaincodeId),
  },
};

const endorsedAction: Schema = {
  fields: {
    1: opaque('proposal_response_payload', {
      fields: { 1: bytes('proposal_hash'), 2: opaque('extension', chaincodeAction) },
    }),
    2: messages('endorsements', { fields: { 1: bytes('endorser'), 2: bytes('signature') } }),
  },
};

const actionPayload: Schema = {
  fields: {
    1: opaqueBy('chaincode_proposal_payload', () => chaincodeProposalPayload),
    2: message('action', endorsedAction),
  },
};

/** `protos.Transaction`. */
export const transaction: Schema = {
  fields: {
    1: messages('actions', {
      fields: { 1: opaque('header', signatureHeader), 2: opaque('payload', actionPayload) },
    }),
  },
};
