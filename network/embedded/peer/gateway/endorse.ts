import { status as Code } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { createTransactionPayload } from '../../../protocol/proposal';
import { untilAborted } from './call-scope';
import type { GatewayEndorser } from './endorser';
import { ask } from './evaluate';
import type { GatewayContext } from './gateway';
import type { EndorsementPlan } from './plan';
import { proposalTarget, type ProposalTarget } from './proposal-target';
import { GatewayStatus, messageOf, type NodeMessage } from './status';

/**
 * Collects endorsements until the endorsement policy is met and assembles the transaction for the client to sign
 * (internal/pkg/gateway/endorse.go). Throws GatewayStatus.
 */
export async function endorse(
  context: GatewayContext,
  request: gateway.EndorseRequest,
  signal: AbortSignal,
): Promise<gateway.EndorseResponse> {
  const signed = request.getProposedTransaction();
  if (signed === undefined || signed.getProposalBytes_asU8().length === 0) {
    throw new GatewayStatus(Code.INVALID_ARGUMENT, 'the proposed transaction must contain a signed proposal');
  }
  const target = unpack(signed);
  const organizations = request.getEndorsingOrganizationsList();
  const plan =
    organizations.length > 0
      ? planForOrganizations(context, target, organizations)
      : await planFromFirstEndorser(context, target, signed, signal);

  await collect(context, plan, signed, signal);
  if (plan.responses === undefined) {
    throw new GatewayStatus(
      Code.ABORTED,
      'failed to collect enough transaction endorsements, see attached details for more info',
      plan.failures,
    );
  }

  const prepared = new common.Envelope();
  try {
    prepared.setPayload(createTransactionPayload(target.proposal, plan.responses).serializeBinary());
  } catch (error) {
    throw new GatewayStatus(Code.ABORTED, `failed to assemble transaction: ${messageOf(error)}`);
  }
  const response = new gateway.EndorseResponse();
  response.setPreparedTransaction(prepared);
  return response;
}

function unpack(signed: peer.SignedProposal): ProposalTarget {
  try {
    return proposalTarget(signed);
  } catch (error) {
    throw new GatewayStatus(Code.INVALID_ARGUMENT, messageOf(error));
  }
}

/** The client names the organizations and answers itself for meeting the policy with them. */
function planForOrganizations(
  context: GatewayContext,
  { channelId, chaincode }: ProposalTarget,
  organizations: readonly string[],
): EndorsementPlan {
  try {
    return context.registry.planForOrganizations(channelId, chaincode, organizations);
  } catch (error) {
    throw new GatewayStatus(Code.UNAVAILABLE, messageOf(error));
  }
}

/** Asks layout after layout, all endorsers of one at the same time, until one is satisfied. */
async function collect(
  context: GatewayContext,
  plan: EndorsementPlan,
  signed: peer.SignedProposal,
  signal: AbortSignal,
): Promise<void> {
  while (plan.responses === undefined) {
    const endorsers = plan.nextEndorsers();
    if (endorsers.length === 0) return;
    await untilAborted(
      Promise.all(endorsers.map((endorser) => askGroup(context, plan, endorser, signed, signal))),
      signal,
      () =>
        new GatewayStatus(
          Code.DEADLINE_EXCEEDED,
          'endorsement timeout expired while collecting endorsements',
        ),
    );
  }
}

/** Asks an endorser, then the others of its group until one endorses. */
async function askGroup(
  context: GatewayContext,
  plan: EndorsementPlan,
  first: GatewayEndorser,
  signed: peer.SignedProposal,
  signal: AbortSignal,
): Promise<void> {
  let endorser: GatewayEndorser | undefined = first;
  while (endorser !== undefined && !signal.aborted) {
    const answer = await ask(context, endorser, signed, signal);
    // What a call that was cancelled answers says nothing about the peer.
    if (signal.aborted) return;
    if (answer.ok) {
      if (plan.accept(endorser, answer.response)) return;
    } else {
      if (answer.remove) context.registry.suspect(endorser);
      plan.fail(endorser, answer.message);
    }
    endorser = plan.alternativeTo(endorser);
  }
}

/**
 * Lets one peer, by preference of the own organization, simulate first: its response says which chaincodes,
 * collections and keys the transaction touches, and so which policies it must meet.
 */
async function planFromFirstEndorser(
  context: GatewayContext,
  target: ProposalTarget,
  signed: peer.SignedProposal,
  signal: AbortSignal,
): Promise<EndorsementPlan> {
  const { channelId, chaincode, hasTransient } = target;
  const byName = new peer.ChaincodeInterest();
  const call = new peer.ChaincodeCall();
  call.setName(chaincode);
  byName.addChaincodes(call);

  const firstPlan = await planForFirst(context, target, byName);
  const first = await firstEndorsement(context, firstPlan, signed, signal);
  const learned = first.response.getInterest();
  const interest = learned !== undefined && learned.getChaincodesList().length > 0 ? learned : byName;

  const failed = (error: unknown): GatewayStatus =>
    new GatewayStatus(Code.FAILED_PRECONDITION, messageOf(error));
  const { guarded, protectedCollections } = guardTransient(interest, hasTransient);
  let plan: EndorsementPlan;
  try {
    plan = await context.registry.endorsementPlan(channelId, guarded, first.endorser);
  } catch (error) {
    if (protectedCollections.length === 0) throw failed(error);
    const possible = await context.registry.endorsementPlan(channelId, interest, first.endorser).then(
      () => true,
      () => false,
    );
    if (!possible) throw failed(error);
    throw new GatewayStatus(
      Code.FAILED_PRECONDITION,
      `requires endorsement from organisation(s) that are not in the distribution policy of the private data collection(s): [${protectedCollections.join(' ')}]; retry specifying trusted endorsing organizations to protect transient data`,
    );
  }
  plan.accept(first.endorser, first.response);
  return plan;
}

async function planForFirst(
  context: GatewayContext,
  { channelId, chaincode, hasTransient }: ProposalTarget,
  interest: peer.ChaincodeInterest,
): Promise<EndorsementPlan> {
  try {
    return context.registry.planForOrganizations(channelId, chaincode, [context.mspId]);
  } catch {
    if (hasTransient) {
      throw new GatewayStatus(
        Code.FAILED_PRECONDITION,
        "no endorsers found in the gateway's organization; retry specifying endorsing organization(s) to protect transient data",
      );
    }
  }
  try {
    return await context.registry.endorsementPlan(channelId, interest);
  } catch (error) {
    throw new GatewayStatus(Code.FAILED_PRECONDITION, messageOf(error));
  }
}

async function firstEndorsement(
  context: GatewayContext,
  plan: EndorsementPlan,
  signed: peer.SignedProposal,
  signal: AbortSignal,
): Promise<{ endorser: GatewayEndorser; response: peer.ProposalResponse }> {
  const failures: NodeMessage[] = [];
  let [endorser] = plan.nextEndorsers();
  while (endorser !== undefined) {
    const asked: GatewayEndorser = endorser;
    const answer = await untilAborted(
      ask(context, asked, signed, signal),
      signal,
      () =>
        new GatewayStatus(
          Code.DEADLINE_EXCEEDED,
          'endorsement timeout expired while collecting first endorsement',
        ),
    );
    if (answer.ok) return { endorser: asked, response: answer.response };
    failures.push({ address: asked.address, mspId: asked.mspId, message: answer.message });
    if (answer.remove) context.registry.suspect(asked);
    endorser = plan.alternativeTo(asked);
  }
  throw new GatewayStatus(
    Code.ABORTED,
    'failed to endorse transaction, see attached details for more info',
    failures,
  );
}

/**
 * With transient data, only organizations that may hold the collections concerned may be asked: every private read
 * is assumed, which makes the layouts leave the others out.
 */
function guardTransient(
  interest: peer.ChaincodeInterest,
  hasTransient: boolean,
): { guarded: peer.ChaincodeInterest; protectedCollections: string[] } {
  if (!hasTransient) return { guarded: interest, protectedCollections: [] };
  const guarded = interest.cloneMessage();
  const protectedCollections: string[] = [];
  for (const call of guarded.getChaincodesList()) {
    if (!call.getNoPrivateReads()) continue;
    call.setNoPrivateReads(false);
    protectedCollections.push(...call.getCollectionNamesList());
  }
  return { guarded, protectedCollections };
}
