import { expect, test } from 'vitest';
import { CONSOLE_HEADER } from '../../electron/api/browser-service';
import { SessionEndpoint, takeSignInCode } from './session';

const session = { network: 'cityflow', user: 'local', role: 'admin', expires: '2036-01-01T00:00:00.000Z' };
const refused = {
  problem: {
    code: 'SIGN_IN_REFUSED',
    title: 'This link does not sign in any more.',
    detail: '',
    hint: '',
    retryable: false,
    sources: [],
  },
};

const pageAt = (hash: string) => {
  const replaced: string[] = [];
  return {
    replaced,
    location: { hash, pathname: '/', search: '' },
    history: { replaceState: (_data: unknown, _unused: string, url: string) => void replaced.push(url) },
  };
};

test('the code leaves the address bar when it is taken', () => {
  const page = pageAt('#code=abc-_1');
  expect(takeSignInCode(page)).toBe('abc-_1');
  expect(page.replaced).toEqual(['/']);
});

test.each(['', '#', '#/network?tab=map', '#/decode'])(
  'a fragment of the router, %j, is left alone',
  (hash) => {
    const page = pageAt(hash);
    expect(takeSignInCode(page)).toBeUndefined();
    expect(page.replaced).toEqual([]);
  },
);

test('a used link does no harm while its session lives', async () => {
  const methods: string[] = [];
  const endpoint = new SessionEndpoint((_path, { method = '' }) => {
    methods.push(method);
    return Promise.resolve(
      method === 'POST' ? Response.json(refused, { status: 401 }) : Response.json(session),
    );
  });
  expect(await endpoint.begin('used')).toEqual({ ok: true, value: session });
  expect(methods).toEqual(['POST', 'GET']);
});

test('a used link without a session says what is wrong with the link', async () => {
  const endpoint = new SessionEndpoint(() => Promise.resolve(Response.json(refused, { status: 401 })));
  expect(await endpoint.begin('used')).toMatchObject({ problem: { code: 'SIGN_IN_REFUSED' } });
});

test('every request carries the header against forgery', async () => {
  const headers: unknown[] = [];
  const endpoint = new SessionEndpoint((_path, init) => {
    headers.push(new Headers(init.headers).get(CONSOLE_HEADER));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  await endpoint.signOut();
  expect(headers).toEqual(['1']);
});

test.each([
  ['no answer', () => Promise.reject(new TypeError('fetch failed'))],
  ['an answer of somebody else', () => Promise.resolve(new Response('<html>'))],
])('%s is a lost connection', async (_what, answer) => {
  expect(await new SessionEndpoint(answer).current()).toMatchObject({ problem: { code: 'CONNECTION_LOST' } });
});
