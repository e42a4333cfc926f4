import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aProblem, FakeProblem } from '../../client/testing/fake-client';
import type { FakeClient } from '../../client/testing/fake-client';
import { aLedgerTransaction } from '../../network/testing/ledger';
import { aStatus } from '../../network/testing/status';
import {
  asked,
  aTask,
  failed,
  forgetEverything,
  id,
  leave,
  open,
  price,
  step,
  told,
  topic,
  transactionId,
} from './testing/open-transactions';

beforeEach(forgetEverything);
afterEach(leave);

describe('a submit', () => {
  const submitted = async (answers: FakeClient['answers'] = {}) => {
    const opened = await open(answers);
    await opened.user.type(await id(), 'A-1');
    await opened.user.type(await price(), '5');
    await opened.user.click(screen.getByRole('button', { name: 'Submit' }));
    return opened;
  };

  test('shows its stages as they happen, then block, result and who endorsed', async () => {
    const { client } = await submitted();
    await told(client, aTask({ steps: [step('Proposal', 'done', 2), step('Endorse', 'running')] }));
    const stages = await screen.findByRole('list', { name: 'Stages' });
    await within(stages).findByText('2.0 ms');
    expect(within(stages).getAllByText('not yet').length).toBeGreaterThan(1);
    await told(
      client,
      aTask({
        state: 'done',
        finished: new Date().toISOString(),
        steps: ['Proposal', 'Endorse', 'Order', 'Commit'].map((name, index) =>
          step(name, 'done', 10 ** index * 2),
        ),
        result: {
          transactionId,
          status: 'VALID',
          code: 0,
          blockNumber: '1204',
          result: { goodId: 'A-1' },
          durationsMs: { proposal: 2, endorse: 20, submit: 200, commit: 2000 },
          endorsement: {
            endorsers: [
              { mspId: 'AlphaMSP', name: 'peer0.alpha.test' },
              { mspId: 'BetaMSP', name: 'peer1.beta.test' },
            ],
            responseStatus: 200,
            responseHash: 'cd'.repeat(32),
          },
        },
      }),
    );
    expect(await screen.findByText('Committed, VALID')).toBeDefined();
    expect(screen.getAllByText('block 1,204')).toHaveLength(2);
    expect(screen.getByText('2,222 ms in all, to scale')).toBeDefined();
    expect(screen.getByLabelText('Returned by the contract').textContent).toBe('{\n  "goodId": "A-1"\n}');
    const endorsers = screen.getByRole('table', { name: 'Endorsements of the transaction' });
    expect(within(endorsers).getByText('peer1.beta')).toBeDefined();
    expect(window.location.hash).toContain('task=t1');
  });

  test('that the contract refused shows each endorser’s answer, verbatim, and once where all gave the same', async () => {
    const { client } = await submitted();
    const words = 'ACCESS_DENIED: Put needs BetaMSP; caller is AlphaMSP';
    await told(
      client,
      failed(
        aProblem({
          code: 'CONTRACT_REFUSED',
          title: 'The contract refused.',
          detail: words,
          sources: ['localhost:9', 'localhost:10'].map((address) => ({
            name: address,
            address,
            mspId: 'AlphaMSP',
            message: `chaincode response 500, ${words}`,
          })),
        }),
      ),
    );
    expect(await screen.findByText('Not written')).toBeDefined();
    expect(screen.getByText('verbatim, the same from 2 peers')).toBeDefined();
    const table = await screen.findByRole('table', { name: 'What each endorser answered' });
    expect(within(table).getByText('localhost:10')).toBeDefined();
    expect(within(table).getByText('500')).toBeDefined();
    expect(within(table).getByText(`chaincode response 500, ${words}`)).toBeDefined();
    expect(within(table).getAllByRole('img', { name: 'Alpha' })).toHaveLength(2);
  });

  test('that lost a race is told who won it, and submitted again by one press', async () => {
    const winner = 'f'.repeat(64);
    const { client, user } = await submitted({ 'ledger.transaction': () => new FakeProblem(aProblem()) });
    await told(
      client,
      failed(
        aProblem({
          code: 'TRANSACTION_INVALID',
          title: 'Someone changed good G-1 first.',
          retryable: true,
          transactionId,
          validation: {
            status: 'MVCC_READ_CONFLICT',
            code: 11,
            blockNumber: '1204',
            conflict: {
              kind: 'key',
              namespace: 'goods',
              collection: null,
              key: '\0good\0G-1\0',
              read: { blockNumber: '7', position: 0 },
              writer: { transactionId: winner, blockNumber: '1203', position: 2 },
            },
          },
        }),
      ),
    );
    expect(await screen.findByText('Someone changed good G-1 first.')).toBeDefined();
    expect(
      screen.getByText(/wrote it in block 1,203; this one had read what was written in block 7\./, {
        selector: 'p',
      }),
    ).toBeDefined();
    expect(screen.getByRole('link', { name: 'Its lines in the logs' }).getAttribute('href')).toContain(
      winner,
    );
    expect(screen.getByRole('button', { name: /id of the transaction that was first/i })).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Submit again' }));
    expect(asked(client, 'transaction.run')).toHaveLength(2);
    expect(asked(client, 'transaction.run')[1]).toEqual(asked(client, 'transaction.run')[0]);
  });

  test('whose outcome nobody told is unknown, and the ledger can be asked', async () => {
    const answer = vi
      .fn<NonNullable<FakeClient['answers']['ledger.transaction']>>()
      .mockReturnValueOnce(new FakeProblem(aProblem({ code: 'TRANSACTION_NOT_FOUND' })))
      .mockReturnValue(aLedgerTransaction({ transactionId, blockNumber: '12' }));
    const { client, user } = await submitted({ 'ledger.transaction': answer });
    await told(client, failed(aProblem({ code: 'COMMIT_UNKNOWN', transactionId, sources: [] })));
    expect(await screen.findByText('Unknown')).toBeDefined();
    expect(screen.queryByText('Not written')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Ask the ledger' }));
    expect(await screen.findByText(/It is in no block so far/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Ask again' }));
    expect(await screen.findByText('It was written: VALID in block 12.')).toBeDefined();
  });

  test('that met a stopped node names it and starts it', async () => {
    const { client, user } = await submitted({
      'node.start': () => {
        const [node] = aStatus().nodes;
        if (!node) throw new Error('no node');
        return node;
      },
    });
    const status = aStatus();
    act(() =>
      topic(client, 'network.status')?.send([
        {
          ...status,
          nodes: status.nodes.map((node) =>
            node.name === 'orderer.test' ? { ...node, state: 'stopped' as const } : node,
          ),
        },
      ]),
    );
    await told(
      client,
      failed(aProblem({ code: 'SUBMIT_FAILED', title: 'No orderer took the transaction.', detail: '' })),
    );
    await user.click(await screen.findByRole('button', { name: 'Start orderer.test' }));
    expect(asked(client, 'node.start')).toEqual([{ node: 'orderer.test' }]);
  });

  test('whose answer was lost with the connection is found when it is back', async () => {
    const lost = new FakeProblem(aProblem({ code: 'CONNECTION_LOST' }));
    const { client } = await submitted({ 'transaction.run': () => lost });
    expect(await screen.findByText('Whether it was started is not known yet.')).toBeDefined();
    act(() => topic(client, 'tasks')?.send([{ all: true, tasks: [aTask({ id: 't9' })] }]));
    await waitFor(() => expect(topic(client, 'task')?.parameters).toEqual({ task: 't9' }));
    expect(window.location.hash).toContain('task=t9');
  });

  test('that the service knows nothing of, once it is heard again, was not started', async () => {
    const lost = new FakeProblem(aProblem({ code: 'CONNECTION_LOST' }));
    const { client, user } = await submitted({ 'transaction.run': () => lost });
    expect(await screen.findByText('Whether it was started is not known yet.')).toBeDefined();
    client.lastHeard = Date.now() + 60_000;
    act(() => topic(client, 'tasks')?.send([{ all: true, tasks: [aTask({ id: 'older', title: 'x' })] }]));
    expect(await screen.findByText('It was not started: nothing was sent.')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(asked(client, 'transaction.run')).toHaveLength(2);
  });

  test('that the address names is shown again after a reload', async () => {
    const { client } = await open({}, '?task=t1');
    await told(client, aTask({ steps: [step('Proposal', 'done', 2)] }));
    expect(await screen.findByText('2.0 ms')).toBeDefined();
  });
});

test('a huge result shows its beginning, and all of it when asked', async () => {
  const { user } = await open(
    {
      'transaction.evaluate': () => ({
        result: Array.from({ length: 5_000 }, (_, index) => index),
        durationMs: 3,
        gateway: 'peer0.alpha.test',
      }),
    },
    '?function=Get',
  );
  await user.click(await screen.findByRole('button', { name: 'Evaluate' }));
  const shown = await screen.findByLabelText('Returned by the contract');
  expect(shown.textContent).not.toContain('4999');
  await user.click(screen.getByRole('button', { name: 'Show all' }));
  expect(shown.textContent).toContain('4999');
});
