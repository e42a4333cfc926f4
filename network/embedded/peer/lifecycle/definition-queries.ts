import { peer } from '@hyperledger/fabric-protos';
import { compareUtf8 } from '../../../protocol/byte-order';
import { organizationApprovals } from './commit';
import { NAMESPACES, readDefinition, type ChaincodeDefinition } from '../../../protocol/lifecycle/definition';
import { publicState, type LifecycleInvocation } from './invocation';
import { readAllMetadata } from '../../../protocol/lifecycle/serializer';

const { QueryChaincodeDefinitionResult, QueryChaincodeDefinitionsResult } = peer.lifecycle;

/** Asked for a chaincode that is not committed; answered with status 404. */
export class NamespaceNotDefined extends Error {
  constructor(name: string) {
    super(`namespace ${name} is not defined`);
  }
}

/** A committed definition and who has approved it (QueryChaincodeDefinition). */
export async function queryDefinition(
  invocation: LifecycleInvocation,
  args: peer.lifecycle.QueryChaincodeDefinitionArgs,
): Promise<peer.lifecycle.QueryChaincodeDefinitionResult> {
  const name = args.getName();
  const definition = await readDefinition(publicState(invocation.stub), name);
  if (definition === undefined) throw new NamespaceNotDefined(name);
  const result = new QueryChaincodeDefinitionResult();
  fill(result, definition);
  for (const [mspId, approved] of await organizationApprovals(invocation, name, definition)) {
    result.getApprovalsMap().set(mspId, approved);
  }
  return result;
}

/** Every committed definition, without approvals (QueryChaincodeDefinitions). */
export async function queryDefinitions({
  stub,
}: LifecycleInvocation): Promise<peer.lifecycle.QueryChaincodeDefinitionsResult> {
  const state = publicState(stub);
  const result = new QueryChaincodeDefinitionsResult();
  const all = await readAllMetadata(NAMESPACES, state);
  for (const [name, metadata] of [...all].sort(([a], [b]) => compareUtf8(a, b))) {
    if (metadata.getDatatype() !== 'ChaincodeDefinition') continue;
    const definition = await readDefinition(state, name);
    if (definition === undefined) throw new NamespaceNotDefined(name);
    const entry = new QueryChaincodeDefinitionsResult.ChaincodeDefinition();
    entry.setName(name);
    fill(entry, definition);
    result.addChaincodeDefinitions(entry);
  }
  return result;
}

function fill(
  target:
    | peer.lifecycle.QueryChaincodeDefinitionResult
    | peer.lifecycle.QueryChaincodeDefinitionsResult.ChaincodeDefinition,
  definition: ChaincodeDefinition,
): void {
  target.setSequence(definition.sequence);
  target.setVersion(definition.version);
  target.setEndorsementPlugin(definition.endorsementPlugin);
  target.setValidationPlugin(definition.validationPlugin);
  target.setValidationParameter(definition.endorsementPolicy);
  target.setInitRequired(definition.initRequired);
  // Present also when empty, as a genuine peer answers.
  target.setCollections(definition.collections ?? new peer.CollectionConfigPackage());
}
