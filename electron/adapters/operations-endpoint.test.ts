import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { getOperations } from './operations-endpoint';

const limits = { timeoutMs: 5_000, maxBytes: 1_000 };

let server: http.Server;
let address = '';
let connections = 0;
let answer: http.RequestListener;
beforeEach(async () => {
  connections = 0;
  server = http.createServer((request, response) => answer(request, response));
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('answers over one connection, whatever the status', async () => {
  answer = (request, response) => response.writeHead(request.url === '/metrics' ? 200 : 503).end(request.url);
  expect(await getOperations(address, '/metrics', limits)).toEqual({ status: 200, body: '/metrics' });
  expect(await getOperations(address, '/healthz', limits)).toEqual({ status: 503, body: '/healthz' });
  expect(connections).toBe(1);
});

test('an endpoint that says nothing, too much or half is a failure', async () => {
  answer = () => undefined;
  await expect(getOperations(address, '/', { ...limits, timeoutMs: 20 })).rejects.toThrow('no answer within');
  answer = (_request, response) => response.end('x'.repeat(2_000));
  await expect(getOperations(address, '/', limits)).rejects.toThrow('longer than 1000 bytes');
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => response.destroy());
  };
  await expect(getOperations(address, '/', limits)).rejects.toThrow();
});

test('whoever asked may give up', async () => {
  answer = () => undefined;
  const asking = getOperations(address, '/', { ...limits, signal: AbortSignal.timeout(10) });
  await expect(asking).rejects.toThrow(/abort/i);
});
