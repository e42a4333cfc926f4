import { peer } from '@hyperledger/fabric-protos';
import { formatApplicationPolicy } from '../application-policy';
import { sha256 } from '../hash';
import { CHAINCODE_SOURCES, implicitCollectionOwner, NAMESPACES } from '../lifecycle/definition';
import { fieldKey, metadataKey } from '../lifecycle/serializer';
import { LIFECYCLE_NAMESPACE } from '../lifecycle/state';
import { decodeMessage } from '../wire';
import { Undecodable } from './layer';
import type { LedgerAction } from './ledger-action';

const {
  ApproveChaincodeDefinitionForMyOrgArgs,
  CommitChaincodeDefinitionArgs,
  StateData,
  StateMetadata,
  ChaincodeEndorsementInfo,
  ChaincodeValidationInfo,
} = peer.lifecycle;

/** A definition as organizations agree on it. */
export interface DefinitionDescription {
  readonly name: string;
  readonly sequence: number;
  readonly version: string;
  readonly initRequired: boolean;
  /** In the policy language, or the path of a policy of the channel; empty for the channel's default. */
  readonly endorsementPolicy: string;
  readonly collections: readonly string[];
}

/** What a transaction of `_lifecycle` does. */
export type LifecycleStep =
  | {
      readonly kind: 'approval';
      readonly definition: DefinitionDescription;
      /** MSP whose collection it writes to. */
      readonly organization: string | undefined;
      /** Undefined where the organization runs no package for it. */
      readonly packageId: string | undefined;
    }
  | { readonly kind: 'commit'; readonly definition: DefinitionDescription };

/** Undefined for calls of other contracts and functions, and for arguments that cannot be read. */
export function lifecycleStep(action: LedgerAction): LifecycleStep | undefined {
  const { call } = action;
  if (call instanceof Undecodable || call.chaincodeId?.name !== LIFECYCLE_NAMESPACE) return undefined;
  const [name, argument] = call.input?.args ?? [];
  if (name === undefined || argument === undefined) return undefined;
  try {
    switch (Buffer.from(name).toString()) {
      case 'ApproveChaincodeDefinitionForMyOrg': {
        const args = decodeMessage(ApproveChaincodeDefinitionForMyOrgArgs, argument, 'ApproveArgs');
        const packageId = args.getSource()?.getLocalPackage()?.getPackageId();
        return {
          kind: 'approval',
          definition: definitionOf(args),
          organization: approver(action),
          packageId,
        };
      }
      case 'CommitChaincodeDefinition':
        return {
          kind: 'commit',
          definition: definitionOf(decodeMessage(CommitChaincodeDefinitionArgs, argument, 'CommitArgs')),
        };
      default:
        return undefined;
    }
  } catch {
    // Shown as any other argument.
    return undefined;
  }
}

function definitionOf(
  args: peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs | peer.lifecycle.CommitChaincodeDefinitionArgs,
): DefinitionDescription {
  return {
    name: args.getName(),
    sequence: args.getSequence(),
    version: args.getVersion(),
    initRequired: args.getInitRequired(),
    endorsementPolicy: policyText(args.getValidationParameter_asU8()),
    collections: collectionNames(args.getCollections()),
  };
}

function approver({ sets }: LedgerAction): string | undefined {
  if (sets instanceof Undecodable) return undefined;
  return sets
    .filter(({ namespace }) => namespace === LIFECYCLE_NAMESPACE)
    .flatMap(({ collections }) => collections)
    .map(({ collection }) => implicitCollectionOwner(collection))
    .find((owner) => owner !== undefined);
}

const policyText = (serialized: Uint8Array): string =>
  serialized.length === 0 ? '' : formatApplicationPolicy(serialized);

const collectionNames = (collections: peer.CollectionConfigPackage | undefined): string[] =>
  (collections?.getConfigList() ?? []).map((one) => one.getStaticCollectionConfig()?.getName() ?? '');

/** A step in one sentence. */
export function lifecycleStepInWords(step: LifecycleStep): string {
  const { name, sequence, version, endorsementPolicy, collections, initRequired } = step.definition;
  const what = [
    `definition ${sequence} of ${name} (version ${version})`,
    `endorsement policy ${endorsementPolicy || 'of the channel'}`,
    ...(collections.length > 0 ? [`collections ${collections.join(', ')}`] : []),
    ...(initRequired ? ['must be initialized'] : []),
  ].join(', ');
  if (step.kind === 'commit') return `Commits ${what}.`;
  const runs = step.packageId === undefined ? 'without a package' : `to run package ${step.packageId}`;
  return `${step.organization ?? 'An organization'} approves ${what}, ${runs}.`;
}

const FIELDS = ['Sequence', 'EndorsementInfo', 'ValidationInfo', 'Collections'] as const;

/**
 * Keys of an approval by the SHA-256 (hex) that stands for them in blocks: approvals are private to an organization, but
 * whoever knows the definition knows the keys.
 */
export function approvalKeys(name: string, sequence: number): ReadonlyMap<string, string> {
  const entry = `${name}#${sequence}`;
  const keys = [
    metadataKey(NAMESPACES, entry),
    ...FIELDS.slice(1).map((field) => fieldKey(NAMESPACES, entry, field)),
    metadataKey(CHAINCODE_SOURCES, entry),
    fieldKey(CHAINCODE_SOURCES, entry, 'PackageID'),
  ];
  return new Map(keys.map((key) => [sha256(Buffer.from(key)).toString('hex'), key]));
}

const fieldWords: Readonly<Record<string, string>> = {
  Sequence: 'sequence',
  EndorsementInfo: 'version, endorsement plugin and initialization',
  ValidationInfo: 'validation plugin and endorsement policy',
  Collections: 'collections',
  PackageID: 'package',
};

/** A key of `_lifecycle` in words; undefined for keys that have no meaning known here. */
export function lifecycleKeyInWords(key: string): string | undefined {
  const match = /^(namespaces|chaincode-sources)\/(metadata|fields)\/([^/]+)(?:\/([^/]+))?$/.exec(key);
  if (match === null) return undefined;
  const [, area, part, entry = '', field = ''] = match;
  const [name = '', sequence] = entry.split('#');
  const whose =
    sequence === undefined ? `the definition of ${name}` : `the approval of ${name}, definition ${sequence}`;
  const about =
    area === CHAINCODE_SOURCES
      ? `the package for ${name}${sequence === undefined ? '' : `, definition ${sequence}`}`
      : whose;
  if (part === 'metadata') return `fields of ${about}`;
  return area === CHAINCODE_SOURCES ? about : `${fieldWords[field] ?? field} of ${about}`;
}

/** A value under a key of `_lifecycle` in words; undefined where it does not hold what belongs there. */
export function lifecycleValueInWords(key: string, value: Uint8Array): string | undefined {
  const match = /^(?:namespaces|chaincode-sources)\/(metadata|fields)\/[^/]+(?:\/([^/]+))?$/.exec(key);
  if (match === null) return undefined;
  try {
    if (match[1] === 'metadata') {
      const metadata = decodeMessage(StateMetadata, value, 'StateMetadata');
      return `${metadata.getDatatype()}: ${metadata.getFieldsList().join(', ')}`;
    }
    return fieldInWords(match[2] ?? '', decodeMessage(StateData, value, 'StateData'));
  } catch {
    return undefined;
  }
}

function fieldInWords(field: string, data: peer.lifecycle.StateData): string | undefined {
  if (data.hasInt64()) return String(data.getInt64());
  if (data.hasString()) return data.getString();
  const bytes = data.getBytes_asU8();
  switch (field) {
    case 'EndorsementInfo': {
      const info = decodeMessage(ChaincodeEndorsementInfo, bytes, 'ChaincodeEndorsementInfo');
      const init = info.getInitRequired() ? 'must be initialized' : 'needs no initialization';
      return `version ${info.getVersion()}, plugin ${info.getEndorsementPlugin()}, ${init}`;
    }
    case 'ValidationInfo': {
      const info = decodeMessage(ChaincodeValidationInfo, bytes, 'ChaincodeValidationInfo');
      return `plugin ${info.getValidationPlugin()}, policy ${policyText(info.getValidationParameter_asU8()) || 'of the channel'}`;
    }
    case 'Collections': {
      const names = collectionNames(
        decodeMessage(peer.CollectionConfigPackage, bytes, 'CollectionConfigPackage'),
      );
      return names.length === 0 ? 'none' : names.join(', ');
    }
    default:
      return undefined;
  }
}
