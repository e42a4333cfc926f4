import { status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { GatewayTransactionError } from '../../../network/gateway/transaction-error';
import { ProblemError } from '../../core/problem';
import { fabricProblem } from './problems';

const problemOf = (code: status, reason: string, messages: readonly string[] = []) => {
  const details = messages.map((message) => ({ address: 'localhost:1', mspId: 'AlphaMSP', message }));
  const translated = fabricProblem(
    new GatewayTransactionError('endorse', 'ab', 'peer0.test', code, reason, details, false),
  );
  if (!(translated instanceof ProblemError)) throw new Error('not translated');
  return translated.problem;
};

const PHRASE = 'failed to endorse transaction, see attached details for more info';

test('what a contract refused is its own words, and wrong arguments point to its functions', () => {
  const problem = problemOf(status.ABORTED, PHRASE, [
    'chaincode response 500, INVALID_ARGUMENT: ListUsers(pageSize, bookmark) takes 2 arguments, got 0',
  ]);
  expect(problem).toMatchObject({
    code: 'CONTRACT_REFUSED',
    detail: 'INVALID_ARGUMENT: ListUsers(pageSize, bookmark) takes 2 arguments, got 0',
  });
  expect(problem.hint).toContain('cityflow contracts show');
});

test.each([
  'error in simulation: could not launch chaincode wallet_1.0:00: connection failed',
  'error in simulation: failed to execute transaction ab: timeout expired while executing transaction',
])('a contract that does not answer is said to be what hangs: %s', (message) => {
  const problem = problemOf(status.ABORTED, PHRASE, [message]);
  expect(problem).toMatchObject({ code: 'ENDORSEMENT_FAILED', retryable: true });
  expect(problem.title).toContain('contract');
  expect(problem.hint).toContain('nodes restart');
  expect(problem.detail).not.toContain('attached details');
});

test('a peer that is down is named with the command that starts it', () => {
  const problem = problemOf(status.UNAVAILABLE, 'connect ECONNREFUSED');
  expect(problem).toMatchObject({ code: 'NODE_UNAVAILABLE', retryable: true });
  expect(problem.hint).toContain('cityflow nodes start peer0.test');
});

test('an oversized call is the caller’s to shorten', () => {
  const problem = problemOf(
    status.RESOURCE_EXHAUSTED,
    'Attempted to send message with a size larger than 104857600',
  );
  expect(problem).toMatchObject({ code: 'BAD_REQUEST', retryable: false });
  expect(problem.hint).toContain('100 MB');
});

test('a proposal whose signature or creator an endorser rejects is access denied, in the endorser’s words', () => {
  const words = 'error validating proposal: access denied: channel [user-channel] creator org [AlphaMSP]';
  expect(problemOf(status.ABORTED, PHRASE, [words])).toMatchObject({ code: 'ACCESS_DENIED', detail: words });
});
