import { status } from '@grpc/grpc-js';
import type { GatewayTransactionError } from '../../../network/gateway/transaction-error';
import type { ProblemSource } from '../../api/problems';
import { problem } from '../../core/problem';
import type { ProblemError } from '../../core/problem';
import { listed } from '../../../network/protocol/explanation/listed';
import { sourceAt, type FailureContext } from './problem-sources';

/** Why a transaction got no further, told by the names of the nodes that stood in its way. */
export function transactionProblem(error: GatewayTransactionError, context: FailureContext): ProblemError {
  const sources: ProblemSource[] =
    error.details.length > 0
      ? error.details.map(({ address, mspId, message }) => ({
          mspId,
          address,
          ...sourceAt(context, address, message),
        }))
      : [sourceAt(context, error.gatewayPeer, error.reason)];
  const shared = { sources, transactionId: error.transactionId, cause: error };
  const words = contractWords(error);
  const code = error.code as status;
  // Also of one that was cancelled by then: the orderer may have it.
  if (error.mayCommit) return commitUnknown(error, context, sources);
  if (code === status.CANCELLED) {
    return problem('CANCELLED', { ...shared, title: 'Cancelled.', hint: 'Run it again.', retryable: true });
  }
  const silent = silentContract(sources, context);
  if (silent) return problem('ENDORSEMENT_FAILED', { ...shared, ...silent, retryable: true });
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
  if (code === status.DEADLINE_EXCEEDED && context.unreached) {
    const { node, address } = context.unreached;
    return problem('ENDORSEMENT_FAILED', {
      ...shared,
      title: `${context.call ? `The contract ${context.call.contract}` : 'The contract'} cannot be reached.`,
      detail: `Peers waited for it in vain, and nothing listens at ${address}, where ${node} should.`,
      hint: `It was not endorsed, so nothing was committed. Start it anew (\`cityflow nodes restart ${node}\`; a container that was taken off its network: \`cityflow nodes recreate ${node}\`), then send it again: that is safe.`,
      retryable: true,
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
  if (error.stage === 'submit') return notOrdered(error, sources);
  if (code === status.UNAVAILABLE && error.details.length === 0) {
    return problem('NODE_UNAVAILABLE', {
      ...shared,
      title: `${error.gatewayPeer} does not answer.`,
      detail: error.reason,
      hint: `\`cityflow status\` shows whether it runs, \`cityflow nodes start ${error.gatewayPeer}\` starts it.`,
      retryable: true,
    });
  }
  return notEndorsed(error, sources);
}

function commitUnknown(
  error: GatewayTransactionError,
  { call }: FailureContext,
  sources: ProblemSource[],
): ProblemError {
  const ask = `cityflow tx ${call?.channel ?? 'CHANNEL'} ${error.transactionId ?? 'ID'}`;
  const code = error.code as status;
  const lost = error.stage === 'commit' && code === status.UNAVAILABLE;
  return problem('COMMIT_UNKNOWN', {
    sources,
    transactionId: error.transactionId,
    cause: error,
    title:
      error.stage === 'commit'
        ? 'The orderer took the transaction, but nobody said whether it committed.'
        : 'Nobody said whether the orderer took the transaction.',
    detail: lost
      ? `${error.gatewayPeer} stopped answering while its block was awaited, and no other peer of ${sources[0]?.organization ?? 'the organization'} could be asked (${error.codeName}: ${error.reason}).`
      : `${error.gatewayPeer}: ${error.codeName}: ${error.reason}`,
    hint: `It may have been written, or come to be. Ask with \`${ask}\` as soon as a peer of the channel answers, before you send it again.`,
  });
}

function notOrdered(error: GatewayTransactionError, sources: ProblemSource[]): ProblemError {
  const down = unreachable(error, sources);
  const names = listed(down);
  return problem('SUBMIT_FAILED', {
    sources,
    transactionId: error.transactionId,
    cause: error,
    title: names ? `The orderer ${names} does not answer.` : 'No orderer took the transaction.',
    detail: `${error.codeName}: ${error.reason}`,
    hint: names
      ? `Nothing was written. Start it (\`cityflow nodes start ${down[0] ?? ''}\`) and send it again.`
      : 'Nothing was written. An orderer that was just started takes transactions after some seconds: send it again; `cityflow status` shows how it is.',
    retryable: (error.code as status) === status.UNAVAILABLE,
  });
}

function notEndorsed(error: GatewayTransactionError, sources: ProblemSource[]): ProblemError {
  const down = unreachable(error, sources);
  const code = error.code as status;
  return problem('ENDORSEMENT_FAILED', {
    sources,
    transactionId: error.transactionId,
    cause: error,
    title: 'The transaction could not be endorsed.',
    detail:
      down.length > 0
        ? `${listed(down)} ${down.length === 1 ? 'does' : 'do'} not answer, and the endorsement policy cannot be met by the others.`
        : `${error.codeName}: ${error.reason.replace(DETAILS_PHRASE, '')}`,
    hint:
      down.length > 0
        ? `Nothing was written. Start one that the policy needs (\`cityflow nodes start ${down[0] ?? ''}\`) and send it again.`
        : 'Nothing was written. `cityflow status` shows which peers are down.',
    retryable: down.length > 0 || code === status.UNAVAILABLE || code === status.FAILED_PRECONDITION,
  });
}

/** Names of the nodes that the gateway could not reach, where that is all that was wrong. */
function unreachable({ details }: GatewayTransactionError, sources: readonly ProblemSource[]): string[] {
  const all = details.length > 0 && sources.every(({ message }) => /code = Unavailable\b/i.test(message));
  return all ? sources.map(({ name }) => name) : [];
}

/** What peers say of a contract's process that is down, ended under a call, or hangs (core/chaincode). */
const silences = [
  {
    said: /chaincode stream terminated/,
    title: (contract: string) => `${contract} ended while it ran the function.`,
    detail: (peers: string) => `${peers} lost the connection to its process before it had answered.`,
    remedy: 'start',
  },
  {
    said: /could not launch chaincode/,
    title: (contract: string) => `${contract} is not running.`,
    detail: (peers: string) => `${peers} cannot reach its process.`,
    remedy: 'start',
  },
  {
    said: /timeout expired while executing transaction/,
    title: (contract: string) => `${contract} did not answer in time.`,
    detail: (peers: string) => `${peers} gave up waiting for its process, which may hang.`,
    remedy: 'restart',
  },
] as const;

function silentContract(sources: readonly ProblemSource[], { declared, call }: FailureContext) {
  const kind = silences.find(({ said }) => sources.some(({ message }) => said.test(message)));
  if (!kind) return undefined;
  const peers = sources.filter(({ message }) => kind.said.test(message)).map(({ name }) => name);
  const contract = declared.contracts.find(
    ({ name, channel }) => name === call?.contract && channel === call.channel,
  );
  const process = declared.nodes.find(
    ({ role, address }) => role === 'contract' && address === contract?.address,
  );
  return {
    title: kind.title(call ? `The contract ${call.contract}` : 'The contract'),
    detail: kind.detail(listed(peers)),
    hint: `It was not endorsed, so nothing was committed. ${kind.remedy === 'start' ? 'Start' : 'Restart'} its process (\`cityflow nodes ${kind.remedy} ${process?.name ?? 'CONTRACT'}\`), then send it again: that is safe.`,
  };
}

/** The gateway's pointer to what stands in the problem's sources anyway. */
const DETAILS_PHRASE = ', see attached details for more info';

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

export const isAccessDenied = (text: string): boolean =>
  /access denied|creator org unknown|permission denied|failed authorization/i.test(text);
