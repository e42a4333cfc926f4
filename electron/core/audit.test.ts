import { expect, test } from 'vitest';
import { createCore } from './core';
import { memoryAudit } from './fake-records';
import { fakePorts } from './fakes';
import { problem } from './problem';
import type { CorePorts } from './core';
import type { Role } from '../api/operations';

function opened(role: Role = 'admin', overrides: Partial<CorePorts> = {}) {
  const audit = memoryAudit();
  const ports = fakePorts({ ...overrides, audit });
  const core = createCore(ports, { networkDown: () => undefined });
  return { client: core.openSession(role, 'ada'), audit, host: ports.host };
}

const call = {
  as: 'alpha/operator',
  channel: 'goods-channel',
  contract: 'goods',
  function: 'Put',
  args: ['{"a":1}'],
  transient: { price: '12' },
};

test('a command is written down with who, as whom, what and how it ended, without transient data', async () => {
  const { client, audit, host } = opened('operator', {
    transactor: {
      evaluate: () => Promise.reject(new Error('not used')),
      submit: () =>
        Promise.resolve({
          transactionId: 'ab'.repeat(32),
          status: 'VALID',
          code: 0,
          blockNumber: '4',
          result: null,
          durationsMs: { proposal: 0, endorse: 1, submit: 2, commit: 3 },
          endorsement: { endorsers: [], responseStatus: 200, responseHash: '' },
        }),
    },
  });
  await host.start('orderer.test');
  await client.call('transaction.submit', call);
  expect(audit.entries).toMatchObject([
    {
      user: 'ada',
      role: 'operator',
      operation: 'transaction.submit',
      identity: 'alpha/operator',
      outcome: 'OK',
      transactionId: 'ab'.repeat(32),
      request: { args: ['{"a":1}'], transient: '(not recorded)' },
    },
  ]);
  expect(JSON.stringify(audit.entries)).not.toContain('"12"');
});

test('what failed or was refused is written down too, with its code and its transaction', async () => {
  const { client, audit, host } = opened('operator', {
    transactor: {
      evaluate: () => Promise.reject(new Error('not used')),
      submit: () =>
        Promise.reject(problem('COMMIT_UNKNOWN', { title: 'Nobody said.', transactionId: 'cd'.repeat(32) })),
    },
  });
  await host.start('orderer.test');
  await client.call('transaction.submit', call);
  await client.call('node.stop', { node: 'orderer.test' });
  expect(audit.entries.map(({ outcome, transactionId }) => [outcome, transactionId])).toEqual([
    ['COMMIT_UNKNOWN', 'cd'.repeat(32)],
    ['ROLE_TOO_LOW', null],
  ]);
});

test('a task is written down when it starts and when it ends; queries are not', async () => {
  const { client, audit } = opened();
  await client.call('network.status', {});
  const started = await client.call('network.up', {});
  const task = started.ok ? started.value.task : '';
  await client.subscribe('task', { task }, () => undefined).ended;
  expect(audit.entries.map(({ operation, outcome, task: id }) => [operation, outcome, id])).toEqual([
    ['network.up', 'STARTED', task],
    ['network.up', 'OK', task],
  ]);
});

test('private keys are never written down, and long texts are cut', async () => {
  const { client, audit } = opened();
  await client.call('identity.import', {
    organization: 'x'.repeat(5_000),
    certificatePem: 'CERT',
    privateKeyPem: '-----BEGIN PRIVATE KEY-----',
  });
  expect(JSON.stringify(audit.entries)).not.toContain('PRIVATE KEY');
  expect(JSON.stringify(audit.entries).length).toBeLessThan(1_000);
});

test('audit.list shows the newest first and needs the role admin', async () => {
  const { client } = opened();
  await client.call('node.start', { node: 'orderer.test' });
  await client.call('node.stop', { node: 'orderer.test' });
  const listed = await client.call('audit.list', { limit: 1 });
  expect(listed).toMatchObject({ ok: true, value: { entries: [{ operation: 'node.stop' }], problem: null } });
  expect(await opened('operator').client.call('audit.list', {})).toMatchObject({
    ok: false,
    problem: { code: 'ROLE_TOO_LOW' },
  });
});
