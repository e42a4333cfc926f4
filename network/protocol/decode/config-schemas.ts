import { common, orderer } from '@hyperledger/fabric-protos';
import { implicitMetaPolicy, mspConfig, signaturePolicyEnvelope } from './identity-schemas';
import {
  bytes,
  bytesMap,
  enumeration,
  int32,
  message,
  messageMap,
  messages,
  opaqueBy,
  string,
  strings,
  uint32,
  uint64,
  type Schema,
} from './schema';

const empty: Schema = { fields: {} };
const capabilities: Schema = { fields: { 1: messageMap('capabilities', () => empty) } };
const addresses: Schema = { fields: { 1: strings('addresses') } };

const consenter: Schema = {
  fields: { 1: string('host'), 2: uint32('port'), 3: bytes('client_tls_cert'), 4: bytes('server_tls_cert') },
};

const raftMetadata: Schema = {
  fields: {
    1: messages('consenters', consenter),
    2: message('options', {
      fields: {
        1: string('tick_interval'),
        2: uint32('election_tick'),
        3: uint32('heartbeat_tick'),
        4: uint32('max_inflight_blocks'),
        5: uint32('snapshot_interval_size'),
      },
    }),
  },
};

const consensusType: Schema = {
  fields: {
    1: string('type'),
    2: opaqueBy('metadata', (fields) => {
      const type = fields.get(1)?.at(-1);
      return type instanceof Uint8Array && Buffer.from(type).toString() === 'etcdraft' ? raftMetadata : empty;
    }),
    3: enumeration('state', orderer.ConsensusType.State),
  },
};

const policyTypes = new Map<unknown, Schema>([
  [BigInt(common.Policy.PolicyType.SIGNATURE), signaturePolicyEnvelope],
  [BigInt(common.Policy.PolicyType.IMPLICIT_META), implicitMetaPolicy],
]);

const policy: Schema = {
  fields: { 1: int32('type'), 2: opaqueBy('value', (fields) => policyTypes.get(fields.get(1)?.at(-1))) },
};

const configPolicy: Schema = {
  fields: { 1: uint64('version'), 2: message('policy', policy), 3: string('mod_policy') },
};

/** A group whose values and subgroups mean something by their names. */
interface GroupKind {
  readonly values: Readonly<Record<string, Schema>>;
  /** Kind of a subgroup by its name; `*` for any other. */
  readonly groups: Readonly<Record<string, () => GroupKind>>;
}

const UNKNOWN: GroupKind = { values: {}, groups: { '*': () => UNKNOWN } };

const applicationOrganization: GroupKind = {
  values: {
    MSP: mspConfig,
    AnchorPeers: {
      fields: { 1: messages('anchor_peers', { fields: { 1: string('host'), 2: int32('port') } }) },
    },
  },
  groups: {},
};

const application: GroupKind = {
  values: {
    Capabilities: capabilities,
    ACLs: { fields: { 1: messageMap('acls', () => ({ fields: { 1: string('policy_ref') } })) } },
  },
  groups: { '*': () => applicationOrganization },
};

const ordererOrganization: GroupKind = { values: { MSP: mspConfig, Endpoints: addresses }, groups: {} };

const ordererGroup: GroupKind = {
  values: {
    ConsensusType: consensusType,
    BatchSize: {
      fields: {
        1: uint32('max_message_count'),
        2: uint32('absolute_max_bytes'),
        3: uint32('preferred_max_bytes'),
      },
    },
    BatchTimeout: { fields: { 1: string('timeout') } },
    KafkaBrokers: { fields: { 1: strings('brokers') } },
    ChannelRestrictions: { fields: { 1: uint64('max_count') } },
    Capabilities: capabilities,
  },
  groups: { '*': () => ordererOrganization },
};

const consortium: GroupKind = {
  values: { ChannelCreationPolicy: policy },
  groups: { '*': () => ({ values: { MSP: mspConfig }, groups: {} }) },
};

const channel: GroupKind = {
  values: {
    HashingAlgorithm: { fields: { 1: string('name') } },
    BlockDataHashingStructure: { fields: { 1: uint32('width') } },
    OrdererAddresses: addresses,
    Consortium: { fields: { 1: string('name') } },
    Capabilities: capabilities,
  },
  groups: {
    Application: () => application,
    Orderer: () => ordererGroup,
    Consortiums: () => ({ values: {}, groups: { '*': () => consortium } }),
  },
};

function configGroup(kind: GroupKind): Schema {
  return {
    fields: {
      1: uint64('version'),
      2: messageMap('groups', (name) =>
        configGroup((kind.groups[name] ?? kind.groups['*'] ?? (() => UNKNOWN))()),
      ),
      3: messageMap('values', (name) => configValue(kind.values[name])),
      4: messageMap('policies', () => configPolicy),
      5: string('mod_policy'),
    },
  };
}

function configValue(schema: Schema | undefined): Schema {
  return {
    fields: { 1: uint64('version'), 2: opaqueBy('value', () => schema), 3: string('mod_policy') },
  };
}

const channelGroup = configGroup(channel);

/** `common.Config`. */
export const config: Schema = {
  fields: { 1: uint64('sequence'), 2: message('channel_group', channelGroup) },
};

/** `common.ConfigUpdate`. */
export const configUpdate: Schema = {
  fields: {
    1: string('channel_id'),
    2: message('read_set', channelGroup),
    3: message('write_set', channelGroup),
    5: bytesMap('isolated_data'),
  },
};
