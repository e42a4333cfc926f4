import { peer } from '@hyperledger/fabric-protos';
import { withMessage } from '../cause';
import {
  int64Field,
  messageField,
  readInt64,
  readMessage,
  readMetadata,
  stringField,
  type StoredStructure,
} from './serializer';
import { lifecycleState, type NamespacedReader, type ReadableState } from './state';

const { ChaincodeEndorsementInfo, ChaincodeValidationInfo } = peer.lifecycle;

/** The part of lifecycle's key space in which definitions stand. */
export const NAMESPACES = 'namespaces';
/** The part, in implicit collections only, which says which package an organization runs for a definition. */
export const CHAINCODE_SOURCES = 'chaincode-sources';

const IMPLICIT_PREFIX = '_implicit_org_';

/** The collection of `_lifecycle` (and of every chaincode) that belongs to one organization. */
export function implicitCollection(mspId: string): string {
  return IMPLICIT_PREFIX + mspId;
}

/** The MSP whose implicit collection this is; undefined for a collection a contract defines. */
export function implicitCollectionOwner(collection: string): string | undefined {
  return collection.startsWith(IMPLICIT_PREFIX) ? collection.slice(IMPLICIT_PREFIX.length) : undefined;
}

/** What organizations agree on about a chaincode, apart from the sequence. */
export interface DefinitionParameters {
  readonly version: string;
  readonly endorsementPlugin: string;
  readonly initRequired: boolean;
  readonly validationPlugin: string;
  /** Serialized peer.ApplicationPolicy. */
  readonly endorsementPolicy: Uint8Array;
  readonly collections: peer.CollectionConfigPackage | undefined;
}

export interface ChaincodeDefinition extends DefinitionParameters {
  readonly sequence: number;
}

/** As stored in public state under `namespaces/…/<name>` once committed. */
export function storedDefinition(definition: ChaincodeDefinition): StoredStructure {
  return {
    typeName: 'ChaincodeDefinition',
    fields: [int64Field('Sequence', definition.sequence), ...parameterFields(definition)],
  };
}

/** As stored in an organization's implicit collection under `namespaces/…/<name>#<sequence>` once approved. */
export function storedParameters(parameters: DefinitionParameters): StoredStructure {
  return { typeName: 'ChaincodeParameters', fields: parameterFields(parameters) };
}

/** As stored in an organization's implicit collection under `chaincode-sources/…/<name>#<sequence>`. */
export function storedPackage(packageId: string): StoredStructure {
  return { typeName: 'ChaincodeLocalPackage', fields: [stringField('PackageID', packageId)] };
}

/** Sequence of the committed definition; 0 when nothing is committed under the name. */
export async function committedSequence(state: ReadableState, name: string): Promise<number> {
  return readInt64(NAMESPACES, name, 'Sequence', state);
}

/**
 * The committed definition of a chaincode as the channel's public state holds it, undefined when there is none.
 * Throws if the name is defined as something that is no chaincode, or its record cannot be decoded.
 * Source: core/chaincode/lifecycle/lifecycle.go ChaincodeDefinitionIfDefined.
 */
export async function committedDefinition(
  state: NamespacedReader,
  name: string,
): Promise<ChaincodeDefinition | undefined> {
  return readDefinition(lifecycleState(state), name);
}

/** As `committedDefinition`, over a view of the `_lifecycle` namespace alone. */
export async function readDefinition(
  state: ReadableState,
  name: string,
): Promise<ChaincodeDefinition | undefined> {
  let metadata;
  try {
    metadata = await readMetadata(NAMESPACES, name, state);
  } catch (cause) {
    throw withMessage(cause, `could not deserialize metadata for chaincode ${name}`);
  }
  if (metadata === undefined) return undefined;
  if (metadata.getDatatype() !== 'ChaincodeDefinition') {
    throw new Error(`not a chaincode type: ${metadata.getDatatype()}`);
  }
  try {
    return { sequence: await committedSequence(state, name), ...(await readParameters(state, name)) };
  } catch (cause) {
    throw withMessage(cause, `could not deserialize chaincode definition for chaincode ${name}`);
  }
}

/** Version, plugins, policy and collections stored under a name (`<name>` in public, `<name>#<sequence>` in private state). */
export async function readParameters(state: ReadableState, name: string): Promise<DefinitionParameters> {
  const endorsement = await readMessage(NAMESPACES, name, 'EndorsementInfo', state, (bytes) =>
    ChaincodeEndorsementInfo.deserializeBinary(bytes),
  );
  const validation = await readMessage(NAMESPACES, name, 'ValidationInfo', state, (bytes) =>
    ChaincodeValidationInfo.deserializeBinary(bytes),
  );
  const collections = await readMessage(NAMESPACES, name, 'Collections', state, (bytes) =>
    peer.CollectionConfigPackage.deserializeBinary(bytes),
  );
  return {
    version: endorsement.getVersion(),
    endorsementPlugin: endorsement.getEndorsementPlugin(),
    initRequired: endorsement.getInitRequired(),
    validationPlugin: validation.getValidationPlugin(),
    endorsementPolicy: validation.getValidationParameter_asU8(),
    collections: collections.getConfigList().length > 0 ? collections : undefined,
  };
}

/** Throws saying which parameter differs (lifecycle.go ChaincodeParameters.Equal). */
export function assertSameParameters(expected: DefinitionParameters, passed: DefinitionParameters): void {
  const differs = (field: string, a: unknown, b: unknown): Error =>
    new Error(`expected ${field} '${String(a)}' does not match passed ${field} '${String(b)}'`);
  if (expected.version !== passed.version) throw differs('Version', expected.version, passed.version);
  if (expected.endorsementPlugin !== passed.endorsementPlugin) {
    throw differs('EndorsementPlugin', expected.endorsementPlugin, passed.endorsementPlugin);
  }
  if (expected.initRequired !== passed.initRequired) {
    throw differs('InitRequired', expected.initRequired, passed.initRequired);
  }
  if (expected.validationPlugin !== passed.validationPlugin) {
    throw differs('ValidationPlugin', expected.validationPlugin, passed.validationPlugin);
  }
  const [policyA, policyB] = [Buffer.from(expected.endorsementPolicy), Buffer.from(passed.endorsementPolicy)];
  if (!policyA.equals(policyB)) {
    throw differs('ValidationParameter', policyA.toString('hex'), policyB.toString('hex'));
  }
  if (!collectionBytes(expected.collections).equals(collectionBytes(passed.collections))) {
    throw new Error('Collections do not match');
  }
}

function parameterFields(parameters: DefinitionParameters): StoredStructure['fields'] {
  const endorsement = new ChaincodeEndorsementInfo();
  endorsement.setVersion(parameters.version);
  endorsement.setEndorsementPlugin(parameters.endorsementPlugin);
  endorsement.setInitRequired(parameters.initRequired);
  const validation = new ChaincodeValidationInfo();
  validation.setValidationPlugin(parameters.validationPlugin);
  validation.setValidationParameter(parameters.endorsementPolicy);
  return [
    messageField('EndorsementInfo', endorsement),
    messageField('ValidationInfo', validation),
    messageField('Collections', parameters.collections),
  ];
}

function collectionBytes(collections: peer.CollectionConfigPackage | undefined): Buffer {
  return Buffer.from(collections?.serializeBinary() ?? new Uint8Array());
}
