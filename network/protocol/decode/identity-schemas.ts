import { common, msp } from '@hyperledger/fabric-protos';
import {
  bool,
  bytes,
  bytesList,
  enumeration,
  int32,
  int64,
  message,
  messages,
  oneOf,
  opaqueBy,
  string,
  type Schema,
} from './schema';

export const serializedIdentity: Schema = { fields: { 1: string('mspid'), 2: bytes('id_bytes') } };

const mspRole: Schema = {
  fields: { 1: string('msp_identifier'), 2: enumeration('role', msp.MSPRole.MSPRoleType) },
};

const organizationUnit: Schema = {
  fields: {
    1: string('msp_identifier'),
    2: string('organizational_unit_identifier'),
    3: bytes('certifiers_identifier'),
  },
};

const principalSchemas = new Map<unknown, Schema>([
  [undefined, mspRole],
  [BigInt(msp.MSPPrincipal.Classification.ROLE), mspRole],
  [BigInt(msp.MSPPrincipal.Classification.ORGANIZATION_UNIT), organizationUnit],
  [BigInt(msp.MSPPrincipal.Classification.IDENTITY), serializedIdentity],
]);

const mspPrincipal: Schema = {
  fields: {
    1: enumeration('principal_classification', msp.MSPPrincipal.Classification),
    2: opaqueBy('principal', (fields) => principalSchemas.get(fields.get(1)?.at(-1))),
  },
};

const nOutOf: Schema = { fields: { 1: int32('n'), 2: messages('rules', () => signaturePolicy) } };

const signaturePolicy: Schema = {
  fields: { 1: oneOf(int32('signed_by')), 2: oneOf(message('n_out_of', nOutOf)) },
};

export const signaturePolicyEnvelope: Schema = {
  fields: {
    1: int32('version'),
    2: message('rule', signaturePolicy),
    3: messages('identities', mspPrincipal),
  },
};

export const implicitMetaPolicy: Schema = {
  fields: { 1: string('sub_policy'), 2: enumeration('rule', common.ImplicitMetaPolicy.Rule) },
};

const keyInfo: Schema = { fields: { 1: string('key_identifier'), 2: bytes('key_material') } };

const ouIdentifier: Schema = {
  fields: { 1: bytes('certificate'), 2: string('organizational_unit_identifier') },
};

const fabricMspConfig: Schema = {
  fields: {
    1: string('name'),
    2: bytesList('root_certs'),
    3: bytesList('intermediate_certs'),
    4: bytesList('admins'),
    5: bytesList('revocation_list'),
    6: message('signing_identity', {
      fields: { 1: bytes('public_signer'), 2: message('private_signer', keyInfo) },
    }),
    7: messages('organizational_unit_identifiers', ouIdentifier),
    8: message('crypto_config', {
      fields: { 1: string('signature_hash_family'), 2: string('identity_identifier_hash_function') },
    }),
    9: bytesList('tls_root_certs'),
    10: bytesList('tls_intermediate_certs'),
    11: message('fabric_node_ous', {
      fields: {
        1: bool('enable'),
        2: message('client_ou_identifier', ouIdentifier),
        3: message('peer_ou_identifier', ouIdentifier),
        4: message('admin_ou_identifier', ouIdentifier),
        5: message('orderer_ou_identifier', ouIdentifier),
      },
    }),
  },
};

const idemixMspConfig: Schema = {
  fields: {
    1: string('name'),
    2: bytes('ipk'),
    3: message('signer', {
      fields: {
        1: bytes('cred'),
        2: bytes('sk'),
        3: string('organizational_unit_identifier'),
        4: int32('role'),
        5: string('enrollment_id'),
        6: bytes('credential_revocation_information'),
      },
    }),
    4: bytes('revocation_pk'),
    5: int64('epoch'),
  },
};

const mspTypes = new Map<unknown, Schema>([
  [undefined, fabricMspConfig],
  [0n, fabricMspConfig],
  [1n, idemixMspConfig],
]);

export const mspConfig: Schema = {
  fields: { 1: int32('type'), 2: opaqueBy('config', (fields) => mspTypes.get(fields.get(1)?.at(-1))) },
};
