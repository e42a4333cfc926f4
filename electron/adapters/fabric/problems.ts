import { status } from '@grpc/grpc-js';
import {
  BroadcastError,
  ChaincodeResponseError,
  DeliverError,
  NodeCallError,
  ParticipationError,
} from '../../../network/admin/errors';
import { NoGatewayPeerError } from '../../../network/gateway/gateway-peers';
import { GatewayTransactionError } from '../../../network/gateway/transaction-error';
import { isAccessDenied, transactionProblem } from './transaction-problems';
import { sourceAt, type FailureContext } from './problem-sources';
import { problem } from '../../core/problem';
import { ProblemError } from '../../core/problem';
import { UnknownNameError } from '../../../network/topology/views';
import type { ProblemCode } from '../../api/problems';

const unknownCodes: Readonly<Record<string, ProblemCode>> = {
  channel: 'UNKNOWN_CHANNEL',
  node: 'UNKNOWN_NODE',
  contract: 'UNKNOWN_CONTRACT',
};

/** Runs `work` and throws what fails in Fabric's terms as problems. */
export async function translated<T>(context: FailureContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fabricProblem(error, context);
  }
}

/** The problem of an error of the network's clients; anything else is returned as it is. */
export function fabricProblem(error: unknown, context: FailureContext): unknown {
  if (error instanceof ProblemError) return error;
  if (error instanceof GatewayTransactionError) return transactionProblem(error, context);
  if (error instanceof NodeCallError) return callProblem(error, context);
  if (error instanceof ChaincodeResponseError) {
    return problem(isAccessDenied(error.chaincodeMessage) ? 'ACCESS_DENIED' : 'CONTRACT_REFUSED', {
      title: `${error.node} refused ${error.chaincode} ${error.functionName}.`,
      detail: error.chaincodeMessage,
      hint: 'Read what it says; its log says more: `cityflow logs ' + error.node + '`.',
      sources: [sourceAt(context, error.node, error.chaincodeMessage)],
      cause: error,
    });
  }
  if (error instanceof DeliverError) {
    return problem(error.status === 403 ? 'ACCESS_DENIED' : 'NODE_FAILED', {
      title: `${error.node} ended the stream of blocks of ${error.channelId}.`,
      detail: `Status ${error.status} ${error.statusName}.`,
      hint: error.status === 404 ? 'It has not joined this channel.' : 'Ask as a reader of the channel.',
      cause: error,
    });
  }
  if (error instanceof BroadcastError) {
    return problem('SUBMIT_FAILED', {
      title: `The orderer ${error.node} did not take the transaction.`,
      detail: `Status ${error.status}: ${error.info}`,
      hint: 'Read what it says; nothing was written.',
      retryable: error.status >= 500,
      cause: error,
    });
  }
  if (error instanceof ParticipationError) {
    return problem('NODE_FAILED', {
      title: `The orderer ${error.node} refused ${error.operation}.`,
      detail: error.message,
      hint: 'Read what it says.',
      cause: error,
    });
  }
  if (error instanceof UnknownNameError) {
    return problem(unknownCodes[error.kind] ?? 'BAD_REQUEST', {
      title: `There is no ${error.kind} ${error.given}.`,
      hint: `There are: ${error.known.join(', ')}.`,
      cause: error,
    });
  }
  if (error instanceof NoGatewayPeerError) {
    return problem('ACCESS_DENIED', {
      title: `${error.mspId} is no member of ${error.channelId}.`,
      detail: 'It has no peer there, so its identities cannot work on this channel.',
      hint: 'Act as an identity of a member: `cityflow channels list` shows them.',
      cause: error,
    });
  }
  return error;
}

function callProblem(error: NodeCallError, context: FailureContext): ProblemError {
  const shared = {
    detail: error.details,
    sources: [sourceAt(context, error.node, `${error.codeName}: ${error.details}`)],
    cause: error,
  };
  if (error.code === status.CANCELLED) {
    return problem('CANCELLED', { ...shared, title: 'Cancelled.', hint: 'Run it again.', retryable: true });
  }
  if (error.code === status.DEADLINE_EXCEEDED) {
    return problem('TIMED_OUT', {
      ...shared,
      title: `${error.node} did not answer in time.`,
      hint: `Look at its log: \`cityflow logs ${error.node}\`.`,
      retryable: true,
    });
  }
  if (error.unavailable) {
    return problem('NODE_UNAVAILABLE', {
      ...shared,
      title: `${error.node} does not answer.`,
      hint: `\`cityflow nodes list\` shows whether it runs, \`cityflow nodes start ${error.node}\` starts it.`,
      retryable: true,
    });
  }
  return problem(isAccessDenied(error.details) ? 'ACCESS_DENIED' : 'NODE_FAILED', {
    ...shared,
    title: `${error.node} refused ${error.operation}.`,
    hint: `Look at its log: \`cityflow logs ${error.node}\`.`,
  });
}
