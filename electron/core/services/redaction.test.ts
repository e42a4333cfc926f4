import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { Redactor } from './redaction';

const clean = (text: string, known: string[] = []) => new Redactor(known).text(text);
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
const body = pem.split('\n')[1] ?? '';

test.each([
  ['a key', `before ${pem} after`],
  ['a key whose line breaks are written', JSON.stringify({ text: pem })],
  ['a key that was cut off', `x ${pem.slice(0, 120)}`],
  ['a SEC 1 key', key.export({ type: 'sec1', format: 'pem' }).toString()],
  ['a key without its first and last line', `key ${pem.split('\n').slice(1, 4).join('')}`],
])('%s is blackened', (_what, text) => {
  expect(clean(text)).not.toContain(body.slice(24, 60));
  expect(clean(text)).not.toMatch(/[A-Za-z0-9+/]{40}/);
  expect(clean(text)).toContain('[left out]');
});

test.each([
  ['password=Planted1', 'Planted1'],
  ['ORDERER_DB_PASSWORD=Planted1 next', 'Planted1'],
  ['"clientSecret": "Planted1 with spaces"', 'Planted1'],
  ['--token Planted1'.replace(' ', '='), 'Planted1'],
  ['Cookie: a=b; cityflow-session-3001=Planted1', 'Planted1'],
  ['set-cookie: cityflow_session=Planted1; HttpOnly', 'Planted1'],
  ['Authorization: Bearer Planted1abc', 'Planted1'],
  ['open http://127.0.0.1:3001/#code=Planted1', 'Planted1'],
  ['postgres://admin:Planted1@db:5432/x', 'Planted1'],
  ['{"transient":{"pin":"Planted1"}}', 'Planted1'],
  [JSON.stringify({ said: JSON.stringify({ transient: { pin: 'Planted1' } }) }), 'Planted1'],
  ['transientMap:map[pin:Planted1]', 'Planted1'],
  ['pin: Planted1', 'Planted1'],
])('%s', (text, secret) => expect(clean(text)).not.toContain(secret));

test('what is no secret stays', () => {
  const line =
    '[36m2026-11-22 14:07:32.118 UTC [gateway] Submit -> INFO 0a2[0m txID=3f9a01bc channel=parking-channel commit took 412ms';
  expect(clean(line)).toBe(line);
  const { count } = new Redactor([]);
  expect(count).toBe(0);
  expect(clean('opinion: good; spinning up; tokens are counted')).toBe(
    'opinion: good; spinning up; tokens are counted',
  );
});

test('fields named like a secret are blackened whatever they hold, at any depth', () => {
  const redactor = new Redactor([]);
  const json = redactor.json({
    a: [
      {
        CORE_DB_PASSWORD: 'x1',
        apiToken: { deep: 'x2' },
        privateKeyPem: 'x3',
        port: 7051,
        sessionId: 12,
        TLS_PRIVATEKEY: '/n/tls/server.key',
      },
    ],
  });
  expect(JSON.parse(json)).toEqual({
    a: [
      {
        CORE_DB_PASSWORD: '[left out]',
        apiToken: '[left out]',
        privateKeyPem: '[left out]',
        port: 7051,
        sessionId: '[left out]',
        TLS_PRIVATEKEY: '/n/tls/server.key',
      },
    ],
  });
  expect(redactor.count).toBe(4);
});

test('what is known word for word is blackened wherever it stands', () => {
  expect(clean('the value hunter2-long appears', ['hunter2-long', 'a'])).toBe('the value [left out] appears');
});
