import { peer } from '@hyperledger/fabric-protos';
import { parsePolicy } from '../protocol/policy';

const { lifecycle } = peer;

/** A contract's collection as an organization declares it (`peer lifecycle chaincode … --collections-config`). */
export interface CollectionDeclaration {
  readonly name: string;
  /** Signature policy naming the member organizations, e.g. `OR('Org1MSP.member')`. */
  readonly policy: string;
  readonly requiredPeerCount: number;
  readonly maxPeerCount: number;
  /** Blocks after which the data is purged; 0 keeps it. */
  readonly blockToLive: number;
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
}

/** What organizations approve and commit. */
export interface ChaincodeDefinition {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  /** Signature policy; without one, the channel's /Channel/Application/Endorsement holds. */
  readonly endorsementPolicy?: string;
  readonly collections: readonly CollectionDeclaration[];
}

/** A definition as a peer reports it; `validationParameter` is a serialized peer.ApplicationPolicy. */
export interface ReportedDefinition {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  readonly endorsementPlugin: string;
  readonly validationPlugin: string;
  readonly validationParameter: Uint8Array;
  readonly initRequired: boolean;
  readonly collections: peer.CollectionConfigPackage | undefined;
}

export interface CommittedDefinition extends ReportedDefinition {
  /** MSP id → whether that organization has approved this very definition. Absent from lists of definitions. */
  readonly approvals: Readonly<Record<string, boolean>>;
}

export interface ApprovedDefinition extends ReportedDefinition {
  /** Package the organization runs for it; undefined where it approved without one. */
  readonly packageId: string | undefined;
}

/** Fields that the arguments of approve, commit and check readiness have in common. */
interface DefinitionMessage {
  setName(value: string): void;
  setVersion(value: string): void;
  setSequence(value: number): void;
  setValidationParameter(value: Uint8Array): void;
  setCollections(value?: peer.CollectionConfigPackage): void;
}

interface DefinitionGetters {
  getVersion(): string;
  getSequence(): number;
  getEndorsementPlugin(): string;
  getValidationPlugin(): string;
  getValidationParameter_asU8(): Uint8Array;
  getInitRequired(): boolean;
  getCollections(): peer.CollectionConfigPackage | undefined;
}

export function approveArgs(definition: ChaincodeDefinition, packageId: string | undefined): Uint8Array {
  const args = fill(new lifecycle.ApproveChaincodeDefinitionForMyOrgArgs(), definition);
  const source = new lifecycle.ChaincodeSource();
  if (packageId === undefined) source.setUnavailable(new lifecycle.ChaincodeSource.Unavailable());
  else {
    const local = new lifecycle.ChaincodeSource.Local();
    local.setPackageId(packageId);
    source.setLocalPackage(local);
  }
  args.setSource(source);
  return args.serializeBinary();
}

export function commitArgs(definition: ChaincodeDefinition): Uint8Array {
  return fill(new lifecycle.CommitChaincodeDefinitionArgs(), definition).serializeBinary();
}

export function readinessArgs(definition: ChaincodeDefinition): Uint8Array {
  return fill(new lifecycle.CheckCommitReadinessArgs(), definition).serializeBinary();
}

export function reported(name: string, message: DefinitionGetters): ReportedDefinition {
  return {
    name,
    version: message.getVersion(),
    sequence: message.getSequence(),
    endorsementPlugin: message.getEndorsementPlugin(),
    validationPlugin: message.getValidationPlugin(),
    validationParameter: message.getValidationParameter_asU8(),
    initRequired: message.getInitRequired(),
    collections: message.getCollections(),
  };
}

/**
 * In what a committed definition differs from the wanted one, in words; empty when it is the same. A definition
 * without a policy of its own is stored with the reference to the channel's default, which counts as the same.
 */
export function differences(wanted: ChaincodeDefinition, found: ReportedDefinition): string[] {
  const said: string[] = [];
  if (wanted.version !== found.version) said.push(`version ${found.version} instead of ${wanted.version}`);
  const policy = policyBytes(wanted);
  const same =
    policy === undefined
      ? peer.ApplicationPolicy.deserializeBinary(found.validationParameter).getSignaturePolicy() === undefined
      : Buffer.compare(policy, found.validationParameter) === 0;
  if (!same) said.push('another endorsement policy');
  const collections = collectionPackage(wanted)?.serializeBinary() ?? new Uint8Array();
  if (Buffer.compare(collections, found.collections?.serializeBinary() ?? new Uint8Array()) !== 0) {
    said.push('other collections');
  }
  if (found.initRequired) said.push('an Init call that is required');
  return said;
}

function fill<Message extends DefinitionMessage>(message: Message, definition: ChaincodeDefinition): Message {
  message.setName(definition.name);
  message.setVersion(definition.version);
  message.setSequence(definition.sequence);
  const policy = policyBytes(definition);
  if (policy) message.setValidationParameter(policy);
  const collections = collectionPackage(definition);
  if (collections) message.setCollections(collections);
  return message;
}

function policyBytes(definition: ChaincodeDefinition): Uint8Array | undefined {
  if (definition.endorsementPolicy === undefined) return undefined;
  const policy = new peer.ApplicationPolicy();
  policy.setSignaturePolicy(parsePolicy(definition.endorsementPolicy));
  return policy.serializeBinary();
}

function collectionPackage(definition: ChaincodeDefinition): peer.CollectionConfigPackage | undefined {
  if (definition.collections.length === 0) return undefined;
  const all = new peer.CollectionConfigPackage();
  all.setConfigList(
    definition.collections.map((declared) => {
      const members = new peer.CollectionPolicyConfig();
      members.setSignaturePolicy(parsePolicy(declared.policy));
      const collection = new peer.StaticCollectionConfig();
      collection.setName(declared.name);
      collection.setMemberOrgsPolicy(members);
      collection.setRequiredPeerCount(declared.requiredPeerCount);
      collection.setMaximumPeerCount(declared.maxPeerCount);
      collection.setBlockToLive(declared.blockToLive);
      collection.setMemberOnlyRead(declared.memberOnlyRead);
      collection.setMemberOnlyWrite(declared.memberOnlyWrite);
      const config = new peer.CollectionConfig();
      config.setStaticCollectionConfig(collection);
      return config;
    }),
  );
  return all;
}
