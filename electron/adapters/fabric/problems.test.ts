import { status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { GatewayTransactionError, type TransactionStage } from '../../../network/gateway/transaction-error';
import { declared } from '../../core/fakes';
import { ProblemError } from '../../core/problem';
import { fabricProblem } from './problems';

const context = { declared, call: { channel: 'goods-channel', contract: 'goods' } };

const problemOf = (
  code: status,
  reason: string,
  messages: readonly string[] = [],
  { stage = 'endorse', mayCommit = false }: { stage?: TransactionStage; mayCommit?: boolean } = {},
) => {
  const address = stage === 'submit' ? 'orderer.test:1' : 'localhost:3';
  const details = messages.map((message) => ({ address, mspId: 'AlphaMSP', message }));
  const translated = fabricProblem(
    new GatewayTransactionError(stage, 'ab', 'peer0.alpha.test', code, reason, details, mayCommit),
    context,
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
  [
    'error in simulation: failed to execute transaction ab: could not launch chaincode goods_1.0:00: connection failed',
    'The contract goods is not running.',
    'cityflow nodes start goods.alpha.test',
  ],
  [
    'error in simulation: failed to execute transaction ab: error sending: chaincode stream terminated',
    'The contract goods ended while it ran the function.',
    'cityflow nodes start goods.alpha.test',
  ],
  [
    'error in simulation: failed to execute transaction ab: timeout expired while executing transaction',
    'The contract goods did not answer in time.',
    'cityflow nodes restart goods.alpha.test',
  ],
])(
  'a contract that does not answer is named, with its peer and the command that helps: %s',
  (message, title, command) => {
    const problem = problemOf(status.ABORTED, PHRASE, [message]);
    expect(problem).toMatchObject({
      code: 'ENDORSEMENT_FAILED',
      title,
      retryable: true,
      transactionId: 'ab',
    });
    expect(problem.detail).toContain('peer0.alpha.test');
    expect(problem.hint).toContain('nothing was committed');
    expect(problem.hint).toContain(command);
  },
);

test('who said it is a node and its organization, wherever the address stands for', () => {
  expect(problemOf(status.ABORTED, PHRASE, ['no']).sources).toEqual([
    {
      name: 'peer0.alpha.test',
      organization: 'Alpha',
      mspId: 'AlphaMSP',
      address: 'localhost:3',
      message: 'no',
    },
  ]);
});

const DIALING =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing"';

test('peers that are missing for the policy are named, one with the command that starts it', () => {
  const problem = problemOf(status.ABORTED, 'failed to collect enough transaction endorsements', [DIALING]);
  expect(problem).toMatchObject({ code: 'ENDORSEMENT_FAILED', retryable: true });
  expect(problem.detail).toContain('peer0.alpha.test does not answer');
  expect(problem.hint).toContain('cityflow nodes start peer0.alpha.test');
});

test('an orderer that is down is named; nothing was written', () => {
  const problem = problemOf(
    status.UNAVAILABLE,
    'no orderers could successfully process transaction',
    [DIALING],
    {
      stage: 'submit',
    },
  );
  expect(problem).toMatchObject({
    code: 'SUBMIT_FAILED',
    title: 'The orderer orderer.test does not answer.',
    retryable: true,
    sources: [{ organization: 'Orderer', address: 'localhost:1' }],
  });
  expect(problem.hint).toContain('Nothing was written. Start it (`cityflow nodes start orderer.test`)');
});

test.each(['commit', 'submit'] as const)(
  'once handed in (%s), nothing is said to be unwritten, not even when it was cancelled',
  (stage) => {
    for (const code of [status.UNAVAILABLE, status.CANCELLED, status.DEADLINE_EXCEEDED]) {
      const problem = problemOf(code, 'gone', [], { stage, mayCommit: true });
      expect(problem).toMatchObject({ code: 'COMMIT_UNKNOWN', retryable: false, transactionId: 'ab' });
      expect(problem.detail).toContain('peer0.alpha.test');
      expect(problem.hint).toContain('cityflow tx goods-channel ab');
    }
  },
);

test('a peer that is down is named with the command that starts it', () => {
  const problem = problemOf(status.UNAVAILABLE, 'connect ECONNREFUSED');
  expect(problem).toMatchObject({ code: 'NODE_UNAVAILABLE', retryable: true });
  expect(problem.hint).toContain('cityflow nodes start peer0.alpha.test');
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

test.each(['evaluate', 'endorse'] as const)(
  'where nothing listens at the contract’s address, a wait in vain (%s) names it',
  (stage) => {
    const error = new GatewayTransactionError(
      stage,
      'ab',
      'peer0.alpha.test',
      status.DEADLINE_EXCEEDED,
      'timeout expired',
      [],
      false,
    );
    const unreached = { node: 'goods.alpha.test', address: 'localhost:9' };
    const told = fabricProblem(error, { ...context, unreached });
    expect(told).toMatchObject({
      problem: {
        code: 'ENDORSEMENT_FAILED',
        title: 'The contract goods cannot be reached.',
        detail: expect.stringContaining('localhost:9') as string,
        hint: expect.stringContaining('cityflow nodes recreate goods.alpha.test') as string,
      },
    });
    expect(fabricProblem(error, context)).toMatchObject({ problem: { code: 'TIMED_OUT' } });
  },
);
