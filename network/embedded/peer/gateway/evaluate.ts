import { status as Code } from '@grpc/grpc-js';
import { gateway, type peer } from '@hyperledger/fabric-protos';
import { untilAborted } from './call-scope';
import type { GatewayEndorser } from './endorser';
import type { GatewayContext } from './gateway';
import type { EndorsementPlan } from './plan';
import { namedTarget, transactionResult, type ProposalTarget } from './proposal-target';
import {
  GatewayStatus,
  judgeFailure,
  judgeResponse,
  messageOf,
  type EndorserAnswer,
  type NodeMessage,
} from './status';

/**
 * Runs a proposal on one peer, by preference the highest of the gateway's own organization, and on the next when
 * that one can't answer (internal/pkg/gateway/evaluate.go). Transient data leaves the organization only when the
 * client names target organizations. Throws GatewayStatus.
 */
export async function evaluate(
  context: GatewayContext,
  request: gateway.EvaluateRequest,
  signal: AbortSignal,
): Promise<gateway.EvaluateResponse> {
  const signed = request.getProposedTransaction();
  const target = unpack(signed);
  if (signed === undefined) throw new GatewayStatus(Code.INVALID_ARGUMENT, 'an evaluate request is required');
  const plan = evaluationPlan(context, target, request.getTargetOrganizationsList());

  const failures: NodeMessage[] = [];
  let [endorser] = plan.nextEndorsers();
  let code: Code = Code.UNAVAILABLE;
  while (endorser !== undefined) {
    const asked: GatewayEndorser = endorser;
    const answer = await untilAborted(
      ask(context, asked, signed, signal),
      signal,
      () => new GatewayStatus(Code.DEADLINE_EXCEEDED, 'evaluate timeout expired'),
    );
    if (answer.ok) return evaluated(answer.response, answer.result);

    code = answer.code;
    failures.push({ address: asked.address, mspId: asked.mspId, message: answer.message });
    if (answer.remove) context.registry.suspect(asked);
    if (!answer.retry) {
      throw new GatewayStatus(code, `evaluate call to endorser returned error: ${answer.message}`, failures);
    }
    endorser = plan.alternativeTo(asked);
  }
  throw new GatewayStatus(
    code,
    'failed to evaluate transaction, see attached details for more info',
    failures,
  );
}

/** One endorser's answer, judged; a failed call is an answer too. */
export async function ask(
  context: GatewayContext,
  endorser: GatewayEndorser,
  signed: peer.SignedProposal,
  signal: AbortSignal,
): Promise<EndorserAnswer> {
  try {
    return judgeResponse(
      await endorser.processProposal(signed, signal, context.options.endorsementTimeoutMs),
    );
  } catch (error) {
    return judgeFailure(error, endorser.local);
  }
}

function unpack(signed: peer.SignedProposal | undefined): ProposalTarget {
  try {
    return namedTarget(signed);
  } catch (error) {
    throw new GatewayStatus(
      Code.INVALID_ARGUMENT,
      `failed to unpack transaction proposal: ${messageOf(error)}`,
    );
  }
}

function evaluationPlan(
  context: GatewayContext,
  { channelId, chaincode, hasTransient }: ProposalTarget,
  targetOrganizations: readonly string[],
): EndorsementPlan {
  if (!context.registry.hasChannel(channelId)) {
    throw new GatewayStatus(
      Code.UNAVAILABLE,
      `failed to get config for channel [${channelId}]: could not get last config for channel ${channelId}`,
    );
  }
  const transientProtected = hasTransient && targetOrganizations.length === 0;
  const organizations = transientProtected ? [context.mspId] : targetOrganizations;
  try {
    return context.registry.evaluationPlan(channelId, chaincode, organizations);
  } catch (error) {
    throw new GatewayStatus(
      Code.FAILED_PRECONDITION,
      transientProtected
        ? `no endorsers found in the gateway's organization; retry specifying target organization(s) to protect transient data: ${messageOf(error)}`
        : messageOf(error),
    );
  }
}

function evaluated(response: peer.ProposalResponse, result: peer.Response): gateway.EvaluateResponse {
  // Response.Payload need not be the transaction's result; the one in the signed payload is.
  const endorsed = transactionResult(response);
  if (endorsed !== undefined) result.setPayload(endorsed);
  const evaluateResponse = new gateway.EvaluateResponse();
  evaluateResponse.setResult(result);
  return evaluateResponse;
}
