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
import { problem } from '../../core/problem';
import { ProblemError } from '../../core/problem';
import { UnknownNameError } from '../../../network/topology/views';
import type { ProblemCode, ProblemSource } from '../../api/problems';

const unknownCodes: Readonly<Record<string, ProblemCode>> = {
  channel: 'UNKNOWN_CHANNEL',
  node: 'UNKNOWN_NODE',
  contract: 'UNKNOWN_CONTRACT',
};

/** Runs `work` and throws what fails in Fabric's terms as problems. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fabricProblem(error);
  }
}

/** The problem of an error of the network's clients; anything else is returned as it is. */
export function fabricProblem(error: unknown): unknown {
  if (error instanceof ProblemError) return error;
  if (error instanceof GatewayTransactionError) return transactionProblem(error);
  if (error instanceof NodeCallError) return callProblem(error);
  if (error instanceof ChaincodeResponseError) {
    return problem(isAccessDenied(error.chaincodeMessage) ? 'ACCESS_DENIED' : 'CONTRACT_REFUSED', {
      title: `${error.node} refused ${error.chaincode} ${error.functionName}.`,
      detail: error.chaincodeMessage,
      hint: 'Read what it says; its log says more: `cityflow logs ' + error.node + '`.',
      sources: [{ name: error.node, mspId: error.mspId, message: error.chaincodeMessage }],
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

function callProblem(error: NodeCallError): ProblemError {
  const shared = {
    detail: error.details,
    sources: [{ name: error.node, message: `${error.codeName}: ${error.details}` }],
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

function transactionProblem(error: GatewayTransactionError): ProblemError {
  const sources: ProblemSource[] =
    error.details.length > 0
      ? error.details.map(({ address, mspId, message }) => ({ name: address, mspId, address, message }))
      : [{ name: error.gatewayPeer, message: error.reason }];
  const shared = { sources, transactionId: error.transactionId, cause: error };
  const words = contractWords(error);
  const code = error.code as status;
  if (code === status.CANCELLED) {
    return problem('CANCELLED', { ...shared, title: 'Cancelled.', hint: 'Run it again.', retryable: true });
  }
  if (error.mayCommit) {
    return problem('COMMIT_UNKNOWN', {
      ...shared,
      title: 'Nobody said whether the transaction committed.',
      detail: `${error.codeName}: ${error.reason}`,
      hint: 'It may have been written. Look for its id with `cityflow tx` before you send it again.',
    });
  }
  if (contractSilent(error)) {
    return problem('ENDORSEMENT_FAILED', {
      ...shared,
      title: 'The contract does not answer its peers.',
      detail: `${error.codeName}: ${error.reason.replace(DETAILS_PHRASE, '')}`,
      hint: 'Nothing was written. `cityflow nodes list` shows whether the contract runs; `cityflow nodes restart` starts it anew.',
      retryable: true,
    });
  }
  if (words !== undefined && (error.stage === 'evaluate' || error.stage === 'endorse')) {
    return problem('CONTRACT_REFUSED', {
      ...shared,
      title: 'The contract refused.',
      detail: words,
      hint: refusalHint(words),
      retryable: /retryable/i.test(words),
    });
  }
  if (code === status.RESOURCE_EXHAUSTED && /larger than/i.test(error.reason)) {
    return problem('BAD_REQUEST', {
      ...shared,
      title: 'The call is larger than a node accepts.',
      detail: error.reason,
      hint: 'Nothing was written. Send less in one call: nodes take messages of at most 100 MB, contracts usually less.',
    });
  }
  const denied = [error.reason, ...error.details.map(({ message }) => message)].find(isAccessDenied);
  if (code === status.PERMISSION_DENIED || denied !== undefined) {
    return problem('ACCESS_DENIED', {
      ...shared,
      title: 'Access denied.',
      detail: denied ?? error.reason,
      hint: 'Nothing was written. Act as an identity of an organization that is a member of the channel, with its own valid certificate and key.',
    });
  }
  if (code === status.DEADLINE_EXCEEDED) {
    return problem('TIMED_OUT', {
      ...shared,
      title: `Nobody answered in time (${error.stage}).`,
      detail: error.reason,
      hint: 'A node or the contract hangs: `cityflow status` shows which; `cityflow nodes restart NODE` starts it anew.',
      retryable: true,
    });
  }
  if (code === status.UNAVAILABLE && error.details.length === 0) {
    return problem('NODE_UNAVAILABLE', {
      ...shared,
      title: `${error.gatewayPeer} does not answer.`,
      detail: error.reason,
      hint: `\`cityflow status\` shows whether it runs, \`cityflow nodes start ${error.gatewayPeer}\` starts it.`,
      retryable: true,
    });
  }
  return error.stage === 'submit'
    ? problem('SUBMIT_FAILED', {
        ...shared,
        title: 'No orderer took the transaction.',
        detail: `${error.codeName}: ${error.reason}`,
        hint: 'Nothing was written. `cityflow status` shows whether the orderer runs, `cityflow nodes start` starts it.',
        retryable: code === status.UNAVAILABLE,
      })
    : problem('ENDORSEMENT_FAILED', {
        ...shared,
        title: 'The transaction could not be endorsed.',
        detail: `${error.codeName}: ${error.reason.replace(DETAILS_PHRASE, '')}`,
        hint: 'Nothing was written. `cityflow status` shows which peers are down.',
        retryable: code === status.UNAVAILABLE || code === status.FAILED_PRECONDITION,
      });
}

/** The gateway's pointer to what stands in the problem's sources anyway. */
const DETAILS_PHRASE = ', see attached details for more info';

/** A contract whose process is down, hung up, or does not answer in time (core/chaincode's words). */
const contractSilent = (error: GatewayTransactionError): boolean =>
  [error.reason, ...error.details.map(({ message }) => message)].some((text) =>
    /could not launch chaincode|timeout expired while executing transaction|chaincode stream terminated/.test(
      text,
    ),
  );

function refusalHint(words: string): string {
  return /^(FUNCTION_NOT_FOUND|INVALID_ARGUMENT)\b/.test(words)
    ? 'Nothing was written. `cityflow contracts show CONTRACT` lists its functions with their arguments.'
    : 'Nothing was written. Correct the call, or act as someone who may.';
}

/**
 * What the contract itself said, out of the gateway's phrase: "chaincode response 500, SPOT_NOT_FOUND: …"
 * (internal/pkg/gateway/endorse.go, evaluate.go).
 */
function contractWords(error: GatewayTransactionError): string | undefined {
  const phrase = /chaincode response \d+, ([\s\S]*)$/;
  for (const text of [...error.details.map(({ message }) => message), error.reason]) {
    const found = phrase.exec(text);
    if (found?.[1]) return found[1];
  }
  return undefined;
}

const isAccessDenied = (text: string): boolean =>
  /access denied|creator org unknown|permission denied|failed authorization/i.test(text);
