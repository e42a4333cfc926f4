import { peer } from '@hyperledger/fabric-protos';
import { withMessage } from '../../../protocol/cause';
import {
  assertSameParameters,
  CHAINCODE_SOURCES,
  committedSequence,
  NAMESPACES,
  readDefinition,
  readParameters,
  storedPackage,
  storedParameters,
  type ChaincodeDefinition,
} from '../../../protocol/lifecycle/definition';
import { channelConfig, organizationState, publicState, type LifecycleInvocation } from './invocation';
import { proposedDefinition, validateInput } from './proposed-definition';
import { readMetadata, readString, serialize } from '../../../protocol/lifecycle/serializer';
import type { ReadableState } from '../../../protocol/lifecycle/state';

/**
 * Records the organization's approval of a definition in its implicit collection (scc.go
 * ApproveChaincodeDefinitionForMyOrg, lifecycle.go ApproveChaincodeDefinitionForOrg).
 */
export async function approveForMyOrg(
  invocation: LifecycleInvocation,
  args: peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs,
): Promise<peer.lifecycle.ApproveChaincodeDefinitionForMyOrgResult> {
  await validateInput(invocation, args);
  const { stub, mspId } = invocation;
  const name = args.getName();
  const committed = publicState(stub);
  const own = organizationState(stub, mspId);
  const packageId = args.getSource()?.getLocalPackage()?.getPackageId() ?? '';

  const current = await committedSequence(committed, name);
  checkSequence(args.getSequence(), current);
  const definition = proposedDefinition(args, channelConfig(invocation));
  if (definition.sequence === current) await assertUnchanged(committed, name, definition);
  const privateName = `${name}#${definition.sequence}`;
  if (definition.sequence === current + 1) await assertNews(own, name, privateName, definition, packageId);

  await serialize(NAMESPACES, privateName, storedParameters(definition), own);
  // An empty package id says that the organization's peers shall not endorse for this definition.
  await serialize(CHAINCODE_SOURCES, privateName, storedPackage(packageId), own);
  return new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgResult();
}

/** What the organization approved under a sequence, the newest when 0 is asked for (QueryApprovedChaincodeDefinition). */
export async function queryApproved(
  invocation: LifecycleInvocation,
  args: peer.lifecycle.QueryApprovedChaincodeDefinitionArgs,
): Promise<peer.lifecycle.QueryApprovedChaincodeDefinitionResult> {
  const { stub, mspId } = invocation;
  const own = organizationState(stub, mspId);
  const name = args.getName();
  const sequence = args.getSequence() === 0 ? await newestSequence(invocation, name) : args.getSequence();
  const privateName = `${name}#${sequence}`;
  const missing = new Error(
    `could not fetch approved chaincode definition (name: '${name}', sequence: '${args.getSequence()}') on channel '${stub.channelId}'`,
  );
  const metadata = await readMetadata(NAMESPACES, privateName, own);
  if (metadata === undefined) throw missing;
  if (metadata.getDatatype() !== 'ChaincodeParameters') {
    throw new Error(`not a chaincode parameters type: ${metadata.getDatatype()}`);
  }
  const parameters = await readParameters(own, privateName);
  const source = await readMetadata(CHAINCODE_SOURCES, privateName, own);
  if (source === undefined) throw missing;
  if (source.getDatatype() !== 'ChaincodeLocalPackage') {
    throw new Error(`not a chaincode local package type: ${source.getDatatype()}`);
  }
  const packageId = await readString(CHAINCODE_SOURCES, privateName, 'PackageID', own);

  const result = new peer.lifecycle.QueryApprovedChaincodeDefinitionResult();
  result.setSequence(sequence);
  result.setVersion(parameters.version);
  result.setEndorsementPlugin(parameters.endorsementPlugin);
  result.setValidationPlugin(parameters.validationPlugin);
  result.setValidationParameter(parameters.endorsementPolicy);
  result.setInitRequired(parameters.initRequired);
  result.setCollections(parameters.collections ?? new peer.CollectionConfigPackage());
  result.setSource(chaincodeSource(packageId));
  return result;
}

async function newestSequence(invocation: LifecycleInvocation, name: string): Promise<number> {
  const current = await committedSequence(publicState(invocation.stub), name);
  const own = organizationState(invocation.stub, invocation.mspId);
  const next = await readMetadata(NAMESPACES, `${name}#${current + 1}`, own);
  return next === undefined ? current : current + 1;
}

function checkSequence(requested: number, current: number): void {
  if (requested === 0 && current === 0) {
    throw new Error('requested sequence is 0, but first definable sequence number is 1');
  }
  if (requested < current) {
    throw new Error(`currently defined sequence ${current} is larger than requested sequence ${requested}`);
  }
  if (requested > current + 1) {
    throw new Error(
      `requested sequence ${requested} is larger than the next available sequence number ${current + 1}`,
    );
  }
}

/** A committed sequence may be approved late, but only as it was committed. */
async function assertUnchanged(
  committed: ReadableState,
  name: string,
  definition: ChaincodeDefinition,
): Promise<void> {
  const defined = await readDefinition(committed, name);
  if (defined === undefined) {
    throw new Error(`missing metadata for currently committed sequence number (${definition.sequence})`);
  }
  try {
    assertSameParameters(defined, definition);
  } catch (cause) {
    throw withMessage(
      cause,
      `attempted to redefine the current committed sequence (${definition.sequence}) for namespace ${name} with different parameters`,
    );
  }
}

/** The same approval again would write nothing, and a transaction without effect is refused. */
async function assertNews(
  own: ReadableState,
  name: string,
  privateName: string,
  definition: ChaincodeDefinition,
  packageId: string,
): Promise<void> {
  if ((await readMetadata(NAMESPACES, privateName, own)) === undefined) return;
  try {
    assertSameParameters(await readParameters(own, privateName), definition);
  } catch {
    return;
  }
  if ((await readMetadata(CHAINCODE_SOURCES, privateName, own)) === undefined) return;
  if ((await readString(CHAINCODE_SOURCES, privateName, 'PackageID', own)) === packageId) {
    throw new Error(
      `attempted to redefine uncommitted sequence (${definition.sequence}) for namespace ${name} with unchanged content`,
    );
  }
}

function chaincodeSource(packageId: string): peer.lifecycle.ChaincodeSource {
  const source = new peer.lifecycle.ChaincodeSource();
  if (packageId === '') {
    source.setUnavailable(new peer.lifecycle.ChaincodeSource.Unavailable());
  } else {
    const local = new peer.lifecycle.ChaincodeSource.Local();
    local.setPackageId(packageId);
    source.setLocalPackage(local);
  }
  return source;
}
