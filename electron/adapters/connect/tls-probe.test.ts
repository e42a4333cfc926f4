import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issueServerCertificate } from '../../../chaincode/simulation/tls';
import { probeTls } from './tls-probe';

const never = new AbortController().signal;
let folder = '';
let ca = '';
let other = '';
let secure: tls.Server;
let plain: net.Server;
const portOf = (server: net.Server) => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-tls-'));
  const issued = await issueServerCertificate(folder);
  ca = issued.certificatePem;
  secure = tls.createServer({ cert: ca, key: await readFile(issued.keyFile) });
  // A client that looks and leaves is no error of the server's.
  secure.on('tlsClientError', () => undefined);
  secure.listen(0, '127.0.0.1');
  plain = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
  await Promise.all([once(secure, 'listening'), once(plain, 'listening')]);
  other = (await issueServerCertificate(folder)).certificatePem;
});

afterAll(async () => {
  secure.close();
  plain.close();
  await rm(folder, { recursive: true });
});

test('what its own authority vouches for, by the name it has, is trusted', async () => {
  const found = await probeTls({ host: 'localhost', port: portOf(secure), ca }, never);
  expect(found).toMatchObject({ distrust: undefined, mismatch: undefined, protocol: 'TLSv1.3' });
  expect(found.certificate.subjectaltname).toBe('DNS:localhost');
});

test('it leaves after a whole handshake, so that the server has nothing to complain of', async () => {
  const seen = new Promise<string>((resolve) => {
    secure.once('secureConnection', (socket) => socket.once('end', () => resolve('ended in good order')));
    secure.once('tlsClientError', (error) => resolve(error.message));
  });
  await probeTls({ host: 'localhost', port: portOf(secure), ca }, never);
  expect(await seen).toBe('ended in good order');
});

test('another authority does not vouch for it, whatever its name', async () => {
  const found = await probeTls({ host: 'localhost', port: portOf(secure), ca: other }, never);
  expect(found.distrust).toBeDefined();
  expect(found.mismatch).toBeUndefined();
});

test('another name is told apart from another authority', async () => {
  const found = await probeTls({ host: '127.0.0.1', port: portOf(secure), ca }, never);
  expect(found.distrust).toBeUndefined();
  expect(found.mismatch).toContain('127.0.0.1');
});

test('what speaks no TLS, and what is cancelled, is an error', async () => {
  await expect(probeTls({ host: 'localhost', port: portOf(plain), ca }, never)).rejects.toThrow();
  await expect(
    probeTls({ host: 'localhost', port: portOf(secure), ca }, AbortSignal.abort()),
  ).rejects.toThrow('cancelled');
});
