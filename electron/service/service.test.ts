import https from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createCertificate, generateKeyPair, tlsExtensions } from '../../network/artifacts/certificate';
import { CONSOLE_HEADER, CONSOLE_HEADER_VALUE, SESSION_PATH, STREAM_PATH } from '../api/browser-service';
import { createCore } from '../core/core';
import { fakePorts } from '../core/fakes';
import { problem } from '../core/problem';
import { PasswordUser } from './password';
import type { ConsoleService, ServiceOptions, TlsMaterial } from './service';
import { TestBrowser, startTestService } from './testing/test-service';

const services: ConsoleService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

async function start(options: Partial<ServiceOptions> = {}): Promise<ConsoleService> {
  const core = createCore(fakePorts(), { networkDown: () => undefined });
  const service = await startTestService(({ role }) => Promise.resolve(core.openSession(role)), options);
  services.push(service);
  return service;
}

const DAY_MS = 24 * 60 * 60_000;

async function certificateFor(hosts: readonly string[], days = 1): Promise<TlsMaterial> {
  const { publicKey, privateKey, privateKeyPem } = await generateKeyPair();
  const certificatePem = await createCertificate({
    subject: { commonName: 'console' },
    publicKey,
    issuer: { privateKey },
    validity: {
      notBefore: new Date(Date.now() - 2 * DAY_MS),
      notAfter: new Date(Date.now() + days * DAY_MS),
    },
    extensions: tlsExtensions(hosts),
  });
  return { certificatePem, privateKeyPem };
}

describe('where others can reach it', () => {
  test.each(['0.0.0.0', '::', '192.0.2.1', 'console.example', '127.0.0.1.example'])(
    '%s is refused without TLS',
    async (host) => {
      await expect(start({ host })).rejects.toMatchObject({ problem: { code: 'UNSAFE_ADDRESS' } });
    },
  );

  test('it is refused with TLS but without a user', async () => {
    const tls = await certificateFor(['console.example']);
    await expect(start({ host: '0.0.0.0', tls })).rejects.toMatchObject({
      problem: { code: 'UNSAFE_ADDRESS', hint: expect.stringContaining('--user') as string },
    });
  });

  test('it answers with TLS, under the names of its certificate only, to a user with a password', async () => {
    const tls = await certificateFor(['localhost', '127.0.0.1']);
    const passwordUser = await PasswordUser.create('operations', 'correct horse battery');
    const { origin, port } = await start({ host: '0.0.0.0', tls, passwordUser });
    expect(origin).toBe(`https://localhost:${port}`);
    const signIn = (password: string, host = 'localhost') =>
      secureSignIn(port, tls, host, { user: 'operations', password });
    expect((await signIn('correct horse battery', 'console.example')).status).toBe(403);
    expect(await signIn('wrong horse battery')).toMatchObject({ status: 401 });
    const { status, cookie } = await signIn('correct horse battery');
    expect(status).toBe(201);
    expect(cookie).toMatch(/^__Host-cityflow-console-\d+=.*; Secure$/);
    const socket = new WebSocket(`wss://localhost:${port}${STREAM_PATH}`, {
      ca: tls.certificatePem,
      headers: { origin, cookie: cookie.replace(/;.*/, '') },
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.terminate();
  });
});

/** Signs in over TLS, as a page under `host` would. */
function secureSignIn(
  port: number,
  tls: TlsMaterial,
  host: string,
  credentials: { user: string; password: string },
): Promise<{ status: number; cookie: string }> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        ca: tls.certificatePem,
        agent: false,
        method: 'POST',
        path: SESSION_PATH,
        headers: {
          host: `${host}:${port}`,
          origin: `https://${host}:${port}`,
          'content-type': 'application/json',
          [CONSOLE_HEADER]: CONSOLE_HEADER_VALUE,
        },
      },
      (response) => {
        response.resume();
        const [cookie = ''] = response.headers['set-cookie'] ?? [];
        resolve({ status: response.statusCode ?? 0, cookie });
      },
    );
    request.once('error', reject);
    request.end(JSON.stringify(credentials));
  });
}

describe('a certificate', () => {
  test('that expired is refused', async () => {
    const tls = await certificateFor(['localhost'], -1);
    await expect(start({ tls })).rejects.toMatchObject({ problem: { code: 'CERTIFICATE_INVALID' } });
  });

  test('with the key of another is refused', async () => {
    const [tls, other] = await Promise.all([certificateFor(['localhost']), certificateFor(['localhost'])]);
    await expect(start({ tls: { ...tls, privateKeyPem: other.privateKeyPem } })).rejects.toMatchObject({
      problem: { code: 'CERTIFICATE_INVALID', detail: expect.stringContaining('private key') as string },
    });
  });

  test.each([[[]], [['*.example']]])('that names no host, %j, is refused', async (hosts) => {
    const tls = await certificateFor(hosts);
    await expect(start({ tls })).rejects.toMatchObject({ problem: { code: 'CERTIFICATE_INVALID' } });
  });

  test('that is none is refused', async () => {
    const tls = { certificatePem: 'no certificate', privateKeyPem: 'no key' };
    await expect(start({ tls })).rejects.toMatchObject({ problem: { code: 'CERTIFICATE_INVALID' } });
  });
});

test('a password signs nobody in where there is no user', async () => {
  const { endpoint } = new TestBrowser((await start()).origin);
  expect(await endpoint.signIn({ user: 'operations', password: 'anything' })).toMatchObject({
    problem: { code: 'SIGN_IN_REFUSED' },
  });
});

test('a port that is taken is said to be', async () => {
  const { port } = await start();
  await expect(start({ port })).rejects.toMatchObject({
    problem: { code: 'PORT_TAKEN', hint: expect.stringContaining('--port') as string },
  });
});

test('two users at the same time keep their own roles', async () => {
  const service = await start();
  const [admin, viewer] = await Promise.all([
    TestBrowser.open(service, 'admin'),
    TestBrowser.open(service, 'viewer'),
  ]);
  expect((await admin.client.call('network.down', {})).ok).toBe(true);
  expect(await viewer.client.call('network.down', {})).toMatchObject({ problem: { code: 'ROLE_TOO_LOW' } });
  await admin.client.close();
  await viewer.client.close();
});

test('why there is no core reaches whoever asks, in the core’s words', async () => {
  const service = await startTestService(() =>
    Promise.reject(problem('TOPOLOGY_INVALID', { title: 'cityflow.yaml is not a topology.' })),
  );
  services.push(service);
  const { client } = await TestBrowser.open(service, 'viewer');
  expect(await client.call('network.status', {})).toMatchObject({
    problem: { code: 'TOPOLOGY_INVALID', title: 'cityflow.yaml is not a topology.' },
  });
  await client.close();
});

test('closing does not wait for those who never hang up', async () => {
  const service = await start();
  const { browser, client } = await TestBrowser.open(service, 'viewer');
  await client.close();
  const socket = browser.openSocket();
  await new Promise((resolve) => socket.once('open', resolve));
  socket.pause();
  await service.close();
  socket.terminate();
});
