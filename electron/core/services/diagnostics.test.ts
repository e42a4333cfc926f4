import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ConsoleClient } from '../../api/client';
import { createCore } from '../core';
import { memorySupport } from '../fake-records';
import { fakePorts } from '../fakes';

const noEvents = { networkDown: () => undefined };
const packed = z.array(z.object({ name: z.string(), text: z.string() }));

async function bundleOf(client: ConsoleClient) {
  const outcome = await client.call('diagnostics.bundle', {});
  if (!outcome.ok) throw new Error(outcome.problem.title);
  const files = packed.parse(JSON.parse(Buffer.from(outcome.value.content, 'base64').toString('utf8')));
  return { ...outcome.value, files };
}

const keyPem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
/** Each planted somewhere else; none may be found again. */
const planted = {
  keyBody: keyPem.split('\n')[1] ?? 'none',
  transient: 'PLANTED-TRANSIENT-7731',
  password: 'PLANTED-PASSWORD-7732',
  environment: 'PLANTED-ENVIRONMENT-7733',
  cookie: 'PLANTED-COOKIE-7734',
  code: 'PLANTED-CODE-7735',
  argument: 'PLANTED-ARGUMENT-7736',
  result: 'PLANTED-RESULT-7737',
  nodeSecret: 'PLANTED-NODE-7738',
};

test('a bundle holds what was announced and none of the secrets that lie around', async () => {
  const ports = fakePorts({
    support: memorySupport({ secrets: () => Promise.resolve([planted.environment, planted.nodeSecret]) }),
    inspector: {
      facts: () =>
        Promise.resolve({
          ports: [],
          environment: {
            CORE_LEDGER_STATE_COUCHDBCONFIG_PASSWORD: planted.password,
            CORE_PEER_ID: `x${planted.nodeSecret}y`,
          },
          folders: { data: null, log: '/l', msp: null },
          certificates: [],
          version: null,
        }),
      logSpec: () => Promise.resolve('info'),
      setLogSpec: () => Promise.resolve(),
    },
    transactor: {
      evaluate: () => Promise.resolve({ result: planted.result, durationMs: 1, gateway: 'peer0.alpha.test' }),
      submit: () => Promise.reject(new Error(`refused ${planted.environment}`)),
    },
  });
  ports.host.logLines = [
    'an ordinary line',
    ...keyPem.split('\n'),
    `level=info password=${planted.password}`,
    `Cookie: cityflow-session-3001=${planted.cookie}`,
    `GET /#code=${planted.code}`,
    `{"transient":{"pin":"${planted.transient}"}}`,
    `env: ${planted.environment}`,
  ];
  const core = createCore(ports, noEvents);
  const client = core.openSession('admin', 'ada');
  for (const node of ports.host.declared().nodes) await client.call('node.start', { node: node.name });
  const call = {
    as: 'Alpha/operator',
    channel: 'goods-channel',
    contract: 'goods',
    function: 'Put',
    args: [planted.argument],
    transient: { pin: planted.transient },
  };
  await client.call('transaction.evaluate', call);
  await client.call('transaction.submit', call);
  await client.call('identity.import', {
    organization: 'Alpha',
    certificatePem: 'x',
    privateKeyPem: keyPem,
  });
  const announced = await client.call('diagnostics.contents', {});
  const { files, entries, redactions, fileName } = await bundleOf(client);
  expect(announced).toMatchObject({ ok: true, value: entries.map(({ name, holds }) => ({ name, holds })) });
  const folder = fileName.replace('.tar.gz', '');
  expect(files.map(({ name }) => name)).toEqual(entries.map(({ name }) => `${folder}/${name}`));
  for (const [what, secret] of Object.entries(planted)) {
    const found = files.filter(({ text }) => text.includes(secret)).map(({ name }) => name);
    expect([what, found]).toEqual([what, []]);
  }
  expect(redactions).toBeGreaterThan(8);
  const textOf = (name: string) => files.find((file) => file.name === `${folder}/${name}`)?.text ?? '';
  expect(textOf('logs/peer0.alpha.test.log')).toContain('an ordinary line');
  expect(textOf('audit.json')).toContain('1 arguments');
  expect(textOf('nodes/peer0.alpha.test.json')).toContain('CORE_PEER_ID');
  expect(textOf('README.txt')).toContain('logs/peer0.alpha.test.log');
});

test('what cannot be read says why in its place, and the rest is there', async () => {
  const ports = fakePorts({
    support: memorySupport({ topology: () => Promise.reject(new Error('the file is gone')) }),
  });
  const { files } = await bundleOf(createCore(ports, noEvents).openSession('admin'));
  expect(files.find(({ name }) => name.endsWith('/topology.yaml'))?.text).toContain('the file is gone');
  expect(files.find(({ name }) => name.endsWith('/about.json'))?.text).toContain('Apache-2.0');
});

test('a bundle is for admins, and who made one is recorded', async () => {
  const ports = fakePorts();
  const core = createCore(ports, noEvents);
  expect(await core.openSession('operator').call('diagnostics.bundle', {})).toMatchObject({
    problem: { code: 'ROLE_TOO_LOW' },
  });
  await bundleOf(core.openSession('admin', 'ada'));
  expect((await ports.audit.list({ limit: 1 }))[0]).toMatchObject({
    user: 'ada',
    operation: 'diagnostics.bundle',
    outcome: 'OK',
  });
});
