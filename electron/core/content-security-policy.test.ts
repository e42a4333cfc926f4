import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { NONCE_PLACEHOLDER, contentSecurityPolicy, withNonce } from './content-security-policy';

const directives = (policy: string) =>
  new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources] as const;
    }),
  );

test('nothing is allowed by default, and scripts come from the own origin only', () => {
  const policy = directives(contentSecurityPolicy());
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('script-src')).toEqual(["'self'"]);
  expect(policy.get('style-src')).toEqual(["'self'"]);
  expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
});

test('neither unsafe-inline, unsafe-eval nor a wildcard ever appears', () => {
  const policy = contentSecurityPolicy({
    styleNonce: randomBytes(16).toString('base64'),
    connect: ['ws://127.0.0.1:3001'],
  });
  expect(policy).not.toMatch(/unsafe|\*|blob:|https?:/);
  expect(directives(policy).get('connect-src')).toEqual(["'self'", 'ws://127.0.0.1:3001']);
});

test('the nonce of a response stands in its policy and in its page', () => {
  const nonce = randomBytes(16).toString('base64');
  expect(directives(contentSecurityPolicy({ styleNonce: nonce })).get('style-src')).toEqual([
    "'self'",
    `'nonce-${nonce}'`,
  ]);
  expect(withNonce(`<meta nonce="${NONCE_PLACEHOLDER}"><style nonce="${NONCE_PLACEHOLDER}">`, nonce)).toBe(
    `<meta nonce="${nonce}"><style nonce="${nonce}">`,
  );
});

test.each(['', 'short', "aaaaaaaaaaaaaaaaaaaaaa'; script-src *", 'aaaaaaaaaaaaaaaaaaaaaa\n'])(
  'refuses the nonce %j',
  (styleNonce) => {
    expect(() => contentSecurityPolicy({ styleNonce })).toThrow('nonce');
  },
);

test.each(['*', 'ws:', 'ws://a b', 'ws://a;script-src', 'ws://a/path', "'unsafe-inline'"])(
  'refuses %j as an origin to connect to',
  (origin) => {
    expect(() => contentSecurityPolicy({ connect: [origin] })).toThrow('not an origin');
  },
);
