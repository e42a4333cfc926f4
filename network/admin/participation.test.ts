import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { status } from '@grpc/grpc-js';
import { issueServerCertificate } from '../../chaincode/simulation/tls';
import { NodeCallError } from './errors';
import { ChannelParticipationClient } from './participation';

let folder = '';
let server: https.Server;
let client: ChannelParticipationClient;
/** What becomes of each request in turn; the last goes on. */
let answers: ('answer' | 'hang up' | 'silence')[] = [];
let asked = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-participation-'));
  const { certificatePem, keyFile } = await issueServerCertificate(folder);
  const key = await readFile(keyFile, 'utf8');
  server = https.createServer({ cert: certificatePem, key }, (request, response) => {
    const next = answers[Math.min(asked++, answers.length - 1)];
    if (next === 'answer') response.end('{"systemChannel":null,"channels":[{"name":"city"}]}');
    else if (next === 'hang up') request.socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  client = new ChannelParticipationClient({
    name: 'orderer.test',
    host: 'localhost',
    port: typeof address === 'object' && address ? address.port : 0,
    tlsRootCertificates: certificatePem,
    clientCertificate: certificatePem,
    clientKey: key,
  });
});

beforeEach(() => {
  asked = 0;
});

afterAll(async () => {
  client.close();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

test('a listener that hangs up once is asked once more', async () => {
  answers = ['hang up', 'answer'];
  expect(await client.list()).toEqual(['city']);
  expect(asked).toBe(2);
});

test('one that hangs up again cannot be reached, and its name is told', async () => {
  answers = ['hang up'];
  const failure: unknown = await client.list().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(NodeCallError);
  expect(failure).toMatchObject({ node: 'orderer.test', code: status.UNAVAILABLE, unavailable: true });
  expect(String(failure)).toContain('closed the connection without an answer');
  expect(asked).toBe(2);
});

test('what changes something is not sent twice', async () => {
  answers = ['hang up'];
  await expect(client.remove('city')).rejects.toMatchObject({ code: status.UNAVAILABLE });
  expect(asked).toBe(1);
});

test('one that is silent has had its time; who gives up has cancelled', async () => {
  answers = ['silence'];
  await expect(client.list(AbortSignal.timeout(50))).rejects.toMatchObject({
    code: status.DEADLINE_EXCEEDED,
  });
  const given = new AbortController();
  const asking = client.list(given.signal);
  given.abort();
  await expect(asking).rejects.toMatchObject({ code: status.CANCELLED });
});
