import { expect, test } from 'vitest';
import type { TaskModel, TransactionResult } from '../../api/models';
import { createCore } from '../core';
import type { CorePorts } from '../core';
import { fakePorts } from '../fakes';
import type { Transactor } from '../ports/fabric';
import { problem } from '../problem';

const transactionId = 'ef'.repeat(32);
const result: TransactionResult = {
  transactionId,
  status: 'VALID',
  code: 0,
  blockNumber: '7',
  result: { spot: 'A1' },
  durationsMs: { proposal: 1, endorse: 5, submit: 6, commit: 7 },
  endorsement: {
    endorsers: [{ mspId: 'AlphaMSP', name: 'peer0.alpha.test' }],
    responseStatus: 200,
    responseHash: 'aa',
  },
};
const call = {
  as: 'Alpha/operator',
  channel: 'goods-channel',
  contract: 'goods',
  function: 'Put',
  args: ['1'],
  transient: { secret: 'value' },
};

async function ran(submit: Transactor['submit']): Promise<{ task: TaskModel; ports: CorePorts }> {
  const ports = fakePorts({ transactor: { evaluate: () => Promise.reject(new Error('no')), submit } });
  await ports.host.start('orderer.test');
  const client = createCore(ports, { networkDown: () => undefined }).openSession('operator');
  const started = await client.call('transaction.run', call);
  if (!started.ok) throw new Error(started.problem.title);
  let last: TaskModel | undefined;
  await client.subscribe('task', started.value, (events) => (last = events.at(-1))).ended;
  if (!last) throw new Error('the task said nothing');
  return { task: last, ports };
}

test('a submit shows its four stages and ends with its result', async () => {
  const { task } = await ran((_call, _signal, onStage) => {
    for (const done of ['proposed', 'endorsed', 'submitted'] as const)
      onStage?.({ done, transactionId, ms: 4 });
    return Promise.resolve(result);
  });
  expect(task).toMatchObject({ state: 'done', result });
  expect(task.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'Proposal done',
    'Endorse done',
    'Order done',
    'Commit done',
  ]);
  expect(task.steps.map(({ durationMs }) => durationMs)).toEqual([4, 4, 4, 7]);
  expect(task.log).toEqual([`Transaction ${transactionId}`]);
  expect(task.title).toBe('Put of goods as Alpha/operator');
});

test('the stage that was under way is the one that failed, with each endorser’s answer', async () => {
  const { task, ports } = await ran((_call, _signal, onStage) => {
    onStage?.({ done: 'proposed', transactionId, ms: 4 });
    return Promise.reject(
      problem('ENDORSEMENT_FAILED', {
        title: 'No.',
        transactionId,
        sources: [{ name: 'peer0.alpha.test', message: 'chaincode response 500' }],
      }),
    );
  });
  expect(task.state).toBe('failed');
  expect(task.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'Proposal done',
    'Endorse failed',
  ]);
  expect(task.problem).toMatchObject({ sources: [{ message: 'chaincode response 500' }] });
  const [record] = await ports.transactions.list();
  expect(record).toMatchObject({
    outcome: 'ENDORSEMENT_FAILED',
    transactionId,
    transientKeys: ['secret'],
    args: ['1'],
    problem: { sources: [{ name: 'peer0.alpha.test' }] },
  });
  expect(JSON.stringify(record)).not.toContain('value');
});

test('a submit that was given up after it was ordered is unknown, not cancelled', async () => {
  const { task } = await ran(() =>
    Promise.reject(problem('COMMIT_UNKNOWN', { title: 'Nobody said.', transactionId })),
  );
  expect(task.problem).toMatchObject({ code: 'COMMIT_UNKNOWN', transactionId });
});

test('what was evaluated and submitted is listed, newest first, and by channel', async () => {
  const ports = fakePorts({
    transactor: {
      evaluate: () =>
        Promise.resolve({ result: 'x'.repeat(10_000), durationMs: 1, gateway: 'peer0.alpha.test' }),
      submit: () => Promise.resolve(result),
    },
  });
  await ports.host.start('orderer.test');
  const client = createCore(ports, { networkDown: () => undefined }).openSession('operator');
  await client.call('transaction.submit', call);
  await client.call('transaction.evaluate', call);
  const listed = await client.call('transaction.history', { channel: 'goods-channel' });
  expect(listed).toMatchObject({
    ok: true,
    value: [
      { kind: 'evaluate', result: null },
      { kind: 'submit', status: 'VALID', blockNumber: '7', stagesMs: { endorse: 5 } },
    ],
  });
  expect(await client.call('transaction.history', { channel: 'other' })).toEqual({ ok: true, value: [] });
});

test('a saved request is listed by its name; saved again it replaces the first', async () => {
  const client = createCore(fakePorts(), { networkDown: () => undefined }).openSession('operator');
  const request = {
    channel: 'goods-channel',
    contract: 'goods',
    function: 'Put',
    transientKeys: ['secret'],
    endorsingOrganizations: null,
  };
  await client.call('transaction.save', { ...request, name: 'Second', args: ['2'] });
  await client.call('transaction.save', { ...request, name: 'First', args: ['1'] });
  await client.call('transaction.save', { ...request, name: ' Second ', args: ['3'] });
  const saved = await client.call('transaction.saved', {});
  if (!saved.ok) throw new Error(saved.problem.title);
  expect(saved.value.map(({ name, args }) => [name, ...args])).toEqual([
    ['First', '1'],
    ['Second', '3'],
  ]);
  const id = saved.value[0]?.id ?? '';
  expect(await client.call('transaction.forget', { id })).toEqual({ ok: true, value: { removed: id } });
  expect(await client.call('transaction.forget', { id })).toMatchObject({
    ok: false,
    problem: { code: 'BAD_REQUEST' },
  });
  expect(await client.call('transaction.save', { ...request, name: ' ', args: [] })).toMatchObject({
    ok: false,
  });
});
