import { common, msp, type peer } from '@hyperledger/fabric-protos';
import type { IdentityDeserializer } from '../../../protocol/msp';
import { withMessage } from '../../../protocol/cause';

const CHAINCODE_NAME = /^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$/;
const CHAINCODE_VERSION = /^[A-Za-z0-9_.+-]+$/;
const COLLECTION_NAME = /^[A-Za-z0-9-]+([A-Za-z0-9_-]+)*$/;
const RESERVED_NAMES: ReadonlySet<string> = new Set(['cscc', 'escc', 'lscc', 'qscc', 'vscc']);

/** Throws unless a chaincode may have this name and version (core/chaincode/lifecycle/scc.go validateInput). */
export function checkNameAndVersion(name: string, version: string): void {
  if (!CHAINCODE_NAME.test(name)) {
    throw new Error(
      `invalid chaincode name '${name}'. Names can only consist of alphanumerics, '_', and '-' and can only begin with alphanumerics`,
    );
  }
  if (RESERVED_NAMES.has(name)) throw new Error(`chaincode name '${name}' is the name of a system chaincode`);
  if (!CHAINCODE_VERSION.test(version)) {
    throw new Error(
      `invalid chaincode version '${version}'. Versions can only consist of alphanumerics, '_', '-', '+', and '.'`,
    );
  }
}

/** The collections of a package. Throws when one is of an unknown kind. */
export function staticCollections(
  collections: peer.CollectionConfigPackage | undefined,
): peer.StaticCollectionConfig[] {
  return (collections?.getConfigList() ?? []).map((config) => {
    const collection = config.getStaticCollectionConfig();
    if (collection === undefined) {
      throw new Error('collection config contains unexpected payload type: <nil>');
    }
    return collection;
  });
}

/** Throws unless the collections are well-formed and their members belong to the channel. */
export function checkCollections(
  collections: readonly peer.StaticCollectionConfig[],
  mspIds: ReadonlySet<string>,
  msps: IdentityDeserializer,
): void {
  const names = new Set<string>();
  for (const collection of collections) {
    const name = collection.getName();
    const [maximum, required] = [collection.getMaximumPeerCount(), collection.getRequiredPeerCount()];
    if (!COLLECTION_NAME.test(name)) {
      throw new Error(
        `invalid collection name '${name}'. Names can only consist of alphanumerics, '_', and '-' and cannot begin with '_'`,
      );
    }
    if (names.has(name)) {
      throw new Error(`collection-name: ${name} -- found duplicate in collection configuration`);
    }
    names.add(name);
    if (maximum < required) {
      throw new Error(
        `collection-name: ${name} -- maximum peer count (${maximum}) cannot be less than the required peer count (${required})`,
      );
    }
    if (required < 0) {
      throw new Error(`collection-name: ${name} -- requiredPeerCount (${required}) cannot be less than zero`);
    }
    checkMembers(collection, mspIds, msps);
  }
}

/** Throws when a redefinition drops a committed collection or changes how long its data live. */
export function checkAgainstCommitted(
  proposed: readonly peer.StaticCollectionConfig[],
  committed: readonly peer.StaticCollectionConfig[],
): void {
  if (committed.length === 0) return;
  if (proposed.length === 0) {
    throw new Error('the proposed collection config does not contain previously defined collections');
  }
  const byName = new Map(proposed.map((collection) => [collection.getName(), collection]));
  for (const old of committed) {
    const successor = byName.get(old.getName());
    if (successor === undefined) {
      throw new Error(
        `existing collection [${old.getName()}] missing in the proposed collection configuration`,
      );
    }
    if (successor.getBlockToLive() !== old.getBlockToLive()) {
      throw new Error(
        `the BlockToLive in an existing collection [${old.getName()}] modified. Existing value [${old.getBlockToLive()}]`,
      );
    }
  }
}

function checkMembers(
  collection: peer.StaticCollectionConfig,
  mspIds: ReadonlySet<string>,
  msps: IdentityDeserializer,
): void {
  const name = collection.getName();
  if (!collection.hasMemberOrgsPolicy()) {
    throw new Error(`collection member policy is not set for collection '${name}'`);
  }
  const policy = collection.getMemberOrgsPolicy()?.getSignaturePolicy();
  if (policy === undefined) {
    throw new Error(`collection member org policy is empty for collection '${name}'`);
  }
  try {
    checkEvaluable(policy);
  } catch (cause) {
    throw withMessage(cause, `invalid member org policy for collection '${name}'`);
  }
  try {
    checkOnlyOr(policy.getRule());
  } catch (cause) {
    throw withMessage(cause, `collection-name: ${name} -- error in member org policy`);
  }
  for (const principal of policy.getIdentitiesList()) checkMember(name, principal, mspIds, msps);
}

function checkMember(
  collection: string,
  principal: msp.MSPPrincipal,
  mspIds: ReadonlySet<string>,
  msps: IdentityDeserializer,
): void {
  const { ROLE, ORGANIZATION_UNIT, IDENTITY } = msp.MSPPrincipal.Classification;
  const bytes = principal.getPrincipal_asU8();
  const classification: number = principal.getPrincipalClassification();
  let mspId: string;
  switch (classification) {
    case ROLE:
      mspId = msp.MSPRole.deserializeBinary(bytes).getMspIdentifier();
      break;
    case ORGANIZATION_UNIT:
      mspId = msp.OrganizationUnit.deserializeBinary(bytes).getMspIdentifier();
      break;
    case IDENTITY:
      try {
        msps.deserializeIdentity(bytes);
        return;
      } catch (cause) {
        throw new Error(
          `collection-name: ${collection} -- contains an identity that is not part of the channel`,
          { cause },
        );
      }
    default:
      throw new Error(`collection-name: ${collection} -- principal type ${classification} is not supported`);
  }
  if (!mspIds.has(mspId)) {
    throw new Error(
      `collection-name: ${collection} -- collection member '${mspId}' is not part of the channel`,
    );
  }
}

/** What common/cauthdsl demands of a policy before it evaluates it. */
function checkEvaluable(policy: common.SignaturePolicyEnvelope): void {
  if (policy.getVersion() !== 0) {
    throw new Error(
      `This evaluator only understands messages of version 0, but version was ${policy.getVersion()}`,
    );
  }
  const identities = policy.getIdentitiesList().length;
  const visit = (rule: common.SignaturePolicy | undefined): void => {
    if (rule === undefined) throw new Error('Empty policy element');
    switch (rule.getTypeCase()) {
      case common.SignaturePolicy.TypeCase.SIGNED_BY:
        if (rule.getSignedBy() < 0 || rule.getSignedBy() >= identities) {
          throw new Error(
            `identity index out of range, requested ${rule.getSignedBy()}, but identities length is ${identities}`,
          );
        }
        return;
      case common.SignaturePolicy.TypeCase.N_OUT_OF:
        for (const inner of rule.getNOutOf()?.getRulesList() ?? []) visit(inner);
        return;
      case common.SignaturePolicy.TypeCase.TYPE_NOT_SET:
        throw new Error('Unknown type: <nil>:<nil>');
    }
  };
  visit(policy.getRule());
}

function checkOnlyOr(rule: common.SignaturePolicy | undefined): void {
  const choice = rule?.getNOutOf();
  if (choice === undefined) return;
  if (choice.getN() !== 1) {
    throw new Error(`signature policy is not an OR concatenation, NOutOf ${choice.getN()}`);
  }
  for (const inner of choice.getRulesList()) checkOnlyOr(inner);
}
