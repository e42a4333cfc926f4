import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  CONSOLE_HEADER,
  CONSOLE_HEADER_VALUE,
  SESSION_PATH,
  STREAM_PATH,
  refusalSchema,
} from '../api/browser-service';
import { isOperationName, operations, roles } from '../api/operations';
import type { OperationName } from '../api/operations';
import { createCore } from '../core/core';
import { fakePorts } from '../core/fakes';
import type { ConsoleService } from './service';
import { TestBrowser, startTestService } from './testing/test-service';

/** What a hostile page, a hostile program of this machine or a broken client may send, and what it gets. */

let service: ConsoleService | undefined;
let now = Date.now();
afterEach(async () => {
  await service?.close();
  service = undefined;
});

async function start(): Promise<ConsoleService> {
  now = Date.now();
  const core = createCore(fakePorts(), { networkDown: () => undefined });
  service = await startTestService(({ role }) => Promise.resolve(core.openSession(role)), { now: () => now });
  return service;
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly code: string | undefined;
}

/** Sends just these headers, whatever a browser would do. */
function ask(port: number, { method = 'GET', path = '/', headers = {}, body }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method, path, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text,
            code: problemCode(text),
          }),
        );
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

function problemCode(text: string): string | undefined {
  if (!text.startsWith('{"problem"')) return undefined;
  return refusalSchema.parse(JSON.parse(text)).problem.code;
}

const codeOf = (link: string): string => new URLSearchParams(new URL(link).hash.slice(1)).get('code') ?? '';

const signInHeaders = (origin: string) => ({
  origin,
  'content-type': 'application/json',
  [CONSOLE_HEADER]: CONSOLE_HEADER_VALUE,
});

const signIn = (target: ConsoleService, code: string) =>
  ask(target.port, {
    method: 'POST',
    path: SESSION_PATH,
    headers: signInHeaders(target.origin),
    body: JSON.stringify({ code }),
  });

/** The status with which a WebSocket is refused, and the problem's code; 101 where it opens. */
function upgrade(
  target: ConsoleService,
  headers: Record<string, string>,
  path = STREAM_PATH,
): Promise<{ status: number; code: string | undefined }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${target.port}${path}`, { headers });
    socket.once('open', () => {
      socket.close();
      resolve({ status: 101, code: undefined });
    });
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, code: problemCode(text) }));
    });
    socket.once('error', reject);
  });
}

async function cookieOf(target: ConsoleService): Promise<string> {
  const { browser, client } = await TestBrowser.open(target, 'admin');
  await client.close();
  return browser.cookie;
}

describe('a request to another name', () => {
  test.each(['evil.example', 'evil.example:3001', 'localhost.evil.example', '127.0.0.1', 'localhost:1'])(
    'Host %j is refused',
    async (host) => {
      const { port } = await start();
      const answer = await ask(port, { headers: { host } });
      expect(answer).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    },
  );

  test('is refused also for a WebSocket', async () => {
    const target = await start();
    const cookie = await cookieOf(target);
    const headers = { host: `evil.example:${target.port}`, origin: target.origin, cookie };
    expect(await upgrade(target, headers)).toEqual({ status: 403, code: 'FORBIDDEN' });
  });

  test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('while %s is answered', async (name) => {
    const { port } = await start();
    expect((await ask(port, { headers: { host: `${name}:${port}` } })).status).toBe(200);
  });
});

describe('a request from another origin', () => {
  const foreign = (port: number) => [
    'null',
    'http://evil.example',
    `http://127.0.0.1.evil.example:${port}`,
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1:${port + 1}`,
    `http://127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}.evil.example`,
  ];

  test('cannot sign in, and does not spend the code', async () => {
    const target = await start();
    const code = codeOf(target.link('admin'));
    for (const origin of foreign(target.port)) {
      const answer = await ask(target.port, {
        method: 'POST',
        path: SESSION_PATH,
        headers: signInHeaders(origin),
        body: JSON.stringify({ code }),
      });
      expect(answer, origin).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
    expect((await signIn(target, code)).status).toBe(201);
  });

  test('cannot open a WebSocket, not even with the cookie', async () => {
    const target = await start();
    const cookie = await cookieOf(target);
    for (const origin of foreign(target.port)) {
      expect(await upgrade(target, { origin, cookie }), origin).toEqual({ status: 403, code: 'FORBIDDEN' });
    }
    expect((await upgrade(target, { cookie })).status).toBe(403);
    expect((await upgrade(target, { origin: target.origin, cookie })).status).toBe(101);
  });

  test('is not told that it may: no answer has a header of CORS, and no preflight is answered', async () => {
    const target = await start();
    const preflight = await ask(target.port, {
      method: 'OPTIONS',
      path: SESSION_PATH,
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(403);
    const own = await ask(target.port, { path: SESSION_PATH, headers: { origin: target.origin } });
    for (const { headers } of [preflight, own]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('a one-time code', () => {
  test('works once: whoever steals it afterwards gets nothing', async () => {
    const target = await start();
    const code = codeOf(target.link('admin'));
    expect((await signIn(target, code)).status).toBe(201);
    expect(await signIn(target, code)).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
  });

  test('works for ten minutes', async () => {
    const target = await start();
    const code = codeOf(target.link('admin'));
    now += 10 * 60_000;
    expect(await signIn(target, code)).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
  });

  test('is long, different each time, and stands only in the fragment', async () => {
    const target = await start();
    const links = [target.link('admin'), target.link('admin')].map((link) => new URL(link));
    expect(links[0]?.hash).not.toBe(links[1]?.hash);
    for (const link of links) {
      expect(Buffer.from(codeOf(link.href), 'base64url')).toHaveLength(32);
      expect(link.pathname + link.search).toBe('/');
    }
  });

  test('cannot be guessed at length: after ten failures even the right one waits', async () => {
    const target = await start();
    const code = codeOf(target.link('admin'));
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await signIn(target, `guess ${attempt}`)).status).toBe(401);
    }
    const answer = await signIn(target, code);
    expect(answer).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    now += 60_000;
    expect((await signIn(target, code)).status).toBe(201);
  });
});

describe('a session', () => {
  test('lives in a cookie that neither scripts nor other sites get', async () => {
    const target = await start();
    const { headers } = await signIn(target, codeOf(target.link('admin')));
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^cityflow-console-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  test('is needed for the wire', async () => {
    const target = await start();
    const { origin, port } = target;
    expect(await upgrade(target, { origin })).toEqual({ status: 401, code: 'NOT_SIGNED_IN' });
    const cookie = `cityflow-console-${port}=${'A'.repeat(43)}`;
    expect(await upgrade(target, { origin, cookie })).toEqual({ status: 401, code: 'NOT_SIGNED_IN' });
    expect(await ask(port, { path: SESSION_PATH })).toMatchObject({ status: 401, code: 'NOT_SIGNED_IN' });
  });

  test('ends by sign-out, also where a console is open, and its cookie is worth nothing then', async () => {
    const target = await start();
    const { browser, client } = await TestBrowser.open(target, 'admin');
    expect((await client.call('network.status', {})).ok).toBe(true);
    await browser.endpoint.signOut();
    await expect.poll(() => client.state.kind).toBe('signed-out');
    expect(await client.call('network.status', {})).toMatchObject({ problem: { code: 'NOT_SIGNED_IN' } });
    await client.close();
  });

  test('ends by disuse after an hour, but not under an open console', async () => {
    const target = await start();
    const open = await TestBrowser.open(target, 'viewer');
    await open.client.call('task.list', {});
    const left = await TestBrowser.open(target, 'viewer');
    await left.client.call('task.list', {});
    await left.client.close();
    await expect
      .poll(async () => {
        now += 60 * 60_000;
        return (await left.browser.endpoint.current()).ok;
      })
      .toBe(false);
    expect((await open.browser.endpoint.current()).ok).toBe(true);
    await open.client.close();
  });

  test('ends after a day whatever happens', async () => {
    const target = await start();
    const { browser, client } = await TestBrowser.open(target, 'viewer');
    await client.call('task.list', {});
    now += 24 * 60 * 60_000;
    expect(await browser.endpoint.current()).toMatchObject({ problem: { code: 'NOT_SIGNED_IN' } });
    await expect.poll(() => client.state.kind).toBe('signed-out');
    await client.close();
  });
});

describe('a request that changes something', () => {
  test.each(['POST', 'DELETE', 'PUT'])('%s without the console’s header is refused', async (method) => {
    const target = await start();
    const { origin, port } = target;
    const answer = await ask(port, {
      method,
      path: SESSION_PATH,
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ code: codeOf(target.link('admin')) }),
    });
    expect(answer).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('with a form’s content type is refused', async () => {
    const target = await start();
    const { origin, port } = target;
    const answer = await ask(port, {
      method: 'POST',
      path: SESSION_PATH,
      headers: { ...signInHeaders(origin), 'content-type': 'text/plain' },
      body: JSON.stringify({ code: codeOf(target.link('admin')) }),
    });
    expect(answer).toMatchObject({ status: 415, code: 'BAD_REQUEST' });
  });

  test.each([
    ['announced', { 'content-length': '5000' }],
    ['unannounced', { 'transfer-encoding': 'chunked' }],
  ])('with an oversized body, %s, is refused', async (_how, length) => {
    const { origin, port } = await start();
    const answer = await ask(port, {
      method: 'POST',
      path: SESSION_PATH,
      headers: { ...signInHeaders(origin), ...length },
      body: JSON.stringify({ code: 'x'.repeat(4989) }),
    });
    expect(answer).toMatchObject({ status: 413, code: 'TOO_LARGE' });
  });

  test.each(['', '{', 'null', '[]', '{"code":1}', '{"code":"a","role":"admin"}'])(
    'with the body %j is refused',
    async (body) => {
      const { origin, port } = await start();
      const headers = signInHeaders(origin);
      const answer = await ask(port, { method: 'POST', path: SESSION_PATH, headers, body });
      expect(answer).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    },
  );
});

describe('on the wire', () => {
  test('an unknown operation and what the role does not allow are refused with their problems', async () => {
    const target = await start();
    const { client } = await TestBrowser.open(target, 'viewer');
    expect(await client.call('network.explode' as never, {} as never)).toMatchObject({
      problem: { code: 'UNKNOWN_OPERATION' },
    });
    for (const outcome of [
      await client.call('network.down', {}),
      await client.call('node.kill', { node: 'orderer.test' }),
    ]) {
      expect(outcome).toMatchObject({ problem: { code: 'ROLE_TOO_LOW' } });
    }
    await client.close();
  });

  test.each(['viewer', 'operator'] as const)('a %s is refused whatever needs a higher role', async (role) => {
    const { client } = await TestBrowser.open(await start(), role);
    const isAbove = (name: OperationName) => roles.indexOf(operations[name].role) > roles.indexOf(role);
    const above = Object.keys(operations).filter(isOperationName).filter(isAbove);
    expect(above).not.toEqual([]);
    for (const name of above)
      expect(await client.call(name, {}), name).toMatchObject({ problem: { code: 'ROLE_TOO_LOW' } });
    await client.close();
  });

  test('a message that is none ends the connection, and so does one that raises the role', async () => {
    const target = await start();
    const { browser, client } = await TestBrowser.open(target, 'viewer');
    await client.close();
    for (const text of ['{', '{"kind":"hello","role":"admin"}', '{"kind":"call"}', '[]']) {
      const socket = browser.openSocket();
      const code = await new Promise((resolve) => {
        socket.once('open', () => socket.send(text));
        socket.once('close', resolve);
      });
      expect(code, text).toBe(4400);
    }
  });

  test('a message of more than 16 MB ends the connection', async () => {
    const target = await start();
    const { browser, client } = await TestBrowser.open(target, 'viewer');
    await client.close();
    const socket = browser.openSocket();
    const code = await new Promise((resolve) => {
      socket.once('open', () => socket.send('x'.repeat(16 * 1024 * 1024 + 1)));
      socket.once('close', resolve);
      socket.once('error', () => undefined);
    });
    expect(code).toBe(1009);
  });

  test('another path than the wire’s is none', async () => {
    const target = await start();
    const headers = { origin: target.origin, cookie: await cookieOf(target) };
    expect(await upgrade(target, headers, '/api/other')).toEqual({ status: 404, code: 'NOT_FOUND' });
  });
});

describe('a path', () => {
  test.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/..\\package.json',
    '//etc/passwd',
    '/assets/%00',
    'http://evil.example/',
    '*',
  ])('%s is refused', async (target) => {
    const { port } = await start();
    const answer = await rawGet(port, target);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('BAD_REQUEST');
  });

  test.each(['/api', '/api/call', '/api/session/', '/missing.js', '/assets/app.js.map'])(
    '%s is not there',
    async (path) => {
      const { port } = await start();
      expect(await ask(port, { path })).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    },
  );

  test('that is the page’s takes GET and HEAD only', async () => {
    const { origin, port } = await start();
    const headers = signInHeaders(origin);
    expect(await ask(port, { method: 'POST', headers, body: '{}' })).toMatchObject({ status: 405 });
    expect(await ask(port, { path: STREAM_PATH })).toMatchObject({ status: 426 });
  });
});

/** One GET with this very request target, which a client library would tidy up. */
function rawGet(port: number, target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`),
    );
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.once('close', () => resolve(text));
    socket.once('error', reject);
  });
}
