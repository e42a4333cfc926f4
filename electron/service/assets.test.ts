import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import http from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Assets } from './assets';
import type { ConsoleService } from './service';
import { SCRIPT, SCRIPT_PATH, startTestService } from './testing/test-service';

let service: ConsoleService;
beforeEach(async () => {
  service = await startTestService(() => Promise.reject(new Error('this test does not use it')));
});
afterEach(() => service.close());

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Without the decompression that `fetch` does by itself. */
function get(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(service.origin + url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.once('error', reject);
    request.end();
  });
}

test('the page is never kept, and each has a nonce of its own that its policy names', async () => {
  const pages = [await get('/'), await get('/network')];
  const nonces = pages.map(({ headers, body }) => {
    expect(headers['cache-control']).toBe('no-store');
    const nonce = /nonce="([^"]+)"/.exec(body.toString())?.[1] ?? '';
    expect(headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(2);
});

test('a place in a folder that there is not leads to the page, which finds its files from the root only', async () => {
  const { status, headers } = await get('/network/peers');
  expect([status, headers.location]).toEqual([302, '/']);
});

test('the page may connect to its own WebSocket and to nothing else', async () => {
  const { headers } = await get('/');
  expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${service.port};`);
  expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
});

test.each(['/', SCRIPT_PATH, '/favicon.svg', '/missing.js', '/api/session'])(
  '%s comes with every protective header',
  async (url) => {
    const { headers } = await get(url);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  },
);

test.each([
  ['br, gzip', 'br', brotliDecompressSync],
  ['gzip, deflate', 'gzip', gunzipSync],
  ['br;q=0, gzip', 'gzip', gunzipSync],
  ['identity', undefined, (content: Buffer) => content],
] as const)('a script for %j comes as %s', async (accepted, encoding, decode) => {
  for (let again = 0; again < 2; again += 1) {
    const { headers, body } = await get(SCRIPT_PATH, { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers.vary).toBe('Accept-Encoding');
    expect(decode(body).toString()).toBe(SCRIPT);
    if (encoding) expect(body.length).toBeLessThan(SCRIPT.length / 10);
  }
});

test('a file with a hash in its name is kept for good, any other is asked for again', async () => {
  expect((await get(SCRIPT_PATH)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const { headers } = await get('/favicon.svg');
  expect(headers['cache-control']).toBe('no-cache');
  const again = await get('/favicon.svg', { 'if-none-match': headers.etag ?? '' });
  expect([again.status, again.body.length]).toEqual([304, 0]);
});

test('HEAD answers like GET, without the content', async () => {
  for (const url of ['/', SCRIPT_PATH]) {
    const { status, headers, body } = await get(url, {}, 'HEAD');
    expect([status, body.length]).toEqual([200, 0]);
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
  }
});

test('without built pages it says so instead of serving nothing', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-pages-'));
  for (const missing of [folder, path.join(folder, 'renderer')]) {
    await expect(Assets.load(missing)).rejects.toMatchObject({
      problem: { code: 'CONSOLE_NOT_BUILT', hint: expect.stringContaining('npm run build') as string },
    });
  }
  await rm(folder, { recursive: true });
});
