import { peer } from '@hyperledger/fabric-protos';
import { compareUtf8 } from '../../../protocol/byte-order';
import { withMessage } from '../../../protocol/cause';
import {
  committedSequence,
  NAMESPACES,
  storedDefinition,
  storedParameters,
  type ChaincodeDefinition,
} from '../../../protocol/lifecycle/definition';
import { channelConfig, opaqueState, publicState, type LifecycleInvocation } from './invocation';
import { proposedDefinition, validateInput } from './proposed-definition';
import { isSerialized, serialize } from '../../../protocol/lifecycle/serializer';

/** Which organizations have approved exactly the next definition, by MSP id (CheckCommitReadiness). */
export async function checkCommitReadiness(
  invocation: LifecycleInvocation,
  args: peer.lifecycle.CheckCommitReadinessArgs,
): Promise<peer.lifecycle.CheckCommitReadinessResult> {
  const { approvals } = await readiness(invocation, args);
  const result = new peer.lifecycle.CheckCommitReadinessResult();
  for (const [mspId, approved] of approvals) result.getApprovalsMap().set(mspId, approved);
  return result;
}

/**
 * Commits the next definition to public state. This peer endorses it only if its own organization has approved; whether
 * enough others have is for the endorsement policy of `_lifecycle` (CommitChaincodeDefinition).
 */
export async function commitDefinition(
  invocation: LifecycleInvocation,
  args: peer.lifecycle.CommitChaincodeDefinitionArgs,
): Promise<peer.lifecycle.CommitChaincodeDefinitionResult> {
  await validateInput(invocation, args);
  const { stub, mspId } = invocation;
  if (
    !channelConfig(invocation)
      .organizations()
      .some((organization) => organization.mspId === mspId)
  ) {
    throw new Error("impossibly, this peer's org is processing requests for a channel it is not a member of");
  }
  const { definition, approvals } = await readiness(invocation, args);
  await serialize(NAMESPACES, args.getName(), storedDefinition(definition), publicState(stub));
  if (approvals.get(mspId) !== true) {
    throw new Error(`chaincode definition not agreed to by this org (${mspId})`);
  }
  return new peer.lifecycle.CommitChaincodeDefinitionResult();
}

/** For each organization of the channel whether its approval, known by its hashes, is of exactly this definition. */
export async function organizationApprovals(
  invocation: LifecycleInvocation,
  name: string,
  definition: ChaincodeDefinition,
): Promise<Map<string, boolean>> {
  const privateName = `${name}#${definition.sequence}`;
  const approvals = new Map<string, boolean>();
  const mspIds = channelConfig(invocation)
    .organizations()
    .map(({ mspId }) => mspId);
  for (const mspId of mspIds.sort(compareUtf8)) {
    try {
      const state = opaqueState(invocation.stub, mspId);
      approvals.set(mspId, await isSerialized(NAMESPACES, privateName, storedParameters(definition), state));
    } catch (cause) {
      throw withMessage(cause, `serialization check failed for key ${privateName}`);
    }
  }
  return approvals;
}

async function readiness(
  invocation: LifecycleInvocation,
  args: peer.lifecycle.CheckCommitReadinessArgs | peer.lifecycle.CommitChaincodeDefinitionArgs,
): Promise<{ definition: ChaincodeDefinition; approvals: Map<string, boolean> }> {
  const config = channelConfig(invocation);
  const current = await committedSequence(publicState(invocation.stub), args.getName());
  if (args.getSequence() !== current + 1) {
    throw new Error(
      `requested sequence is ${args.getSequence()}, but new definition must be sequence ${current + 1}`,
    );
  }
  const definition = proposedDefinition(args, config);
  return { definition, approvals: await organizationApprovals(invocation, args.getName(), definition) };
}
