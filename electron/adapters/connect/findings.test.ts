import { describe, expect, test } from 'vitest';
import { skewFinding } from './clock';
import { certificateFinding, chainFinding } from './findings';
import { LocalSurroundings } from './surroundings';

const NOW = new Date('2026-11-22T12:00:00Z');

describe('a certificate', () => {
  const found = (expires: string, isForHost = true) =>
    certificateFinding(
      { names: 'DNS:peer0.alpha.test', expires: new Date(expires) },
      'localhost',
      isForHost,
      NOW,
    );

  test('that is valid for long is right', () =>
    expect(found('2027-11-22')).toEqual({
      check: 'certificate',
      outcome: 'ok',
      said: 'It names localhost, and is valid until 2027-11-22.',
      hint: '',
    }));
  test('that expires within thirty days is a warning', () =>
    expect(found('2026-12-12T12:00:00Z')).toMatchObject({
      outcome: 'warning',
      said: 'Its certificate expires on 2026-12-12, in 20 days.',
    }));
  test('that has expired is said before it is met', () =>
    expect(found('2026-11-01')).toMatchObject({
      outcome: 'failed',
      said: 'Its certificate expired on 2026-11-01.',
    }));
  test('of another name says which it has', () =>
    expect(found('2027-11-22', false)).toMatchObject({
      outcome: 'failed',
      said: 'Its certificate is not valid for localhost: it names DNS:peer0.alpha.test.',
    }));
});

test.each([
  [undefined, 'ok', 'vouches for it'],
  ['CERT_HAS_EXPIRED', 'failed', 'has expired'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'failed', 'another TLS CA'],
  ['SOMETHING_NEW', 'failed', 'SOMETHING_NEW'],
])('a chain of which OpenSSL says %s is %s', (distrust, outcome, words) => {
  const finding = chainFinding({
    distrust,
    mismatch: undefined,
    protocol: 'TLSv1.3',
    certificate: {} as never,
  });
  expect(finding.outcome).toBe(outcome);
  expect(finding.said).toContain(words);
});

describe('a clock', () => {
  const at = Date.parse('2026-11-22T12:00:10Z');
  const said = (seconds: number) => skewFinding(at + seconds * 1000, at + 300, at + 700);

  test('is right to the second that the answer can tell', () => {
    expect(said(0).outcome).toBe('ok');
    expect(said(1).outcome).toBe('ok');
    expect(said(-4).outcome).toBe('ok');
  });
  test('ahead or behind is said with how much', () => {
    expect(said(10)).toMatchObject({ outcome: 'warning', said: 'Its clock is 9 s ahead of this machine’s.' });
    expect(said(-60)).toMatchObject({ outcome: 'warning', said: 'Its clock is 59 s behind this machine’s.' });
  });
  test('too far off for its peers to accept what is signed here is wrong', () =>
    expect(said(-1000)).toMatchObject({ outcome: 'failed' }));
});

test('the native runtime says what is missing where', async () => {
  const location = { network: 'x', folder: '/nowhere/networks/x', topologyFile: undefined, programs: '' };
  const surroundings = new LocalSurroundings(location, () => Promise.resolve(null), {
    FABRIC_BIN: '/nowhere/bin',
  });
  const native = (await surroundings.runtimes()).find(({ name }) => name === 'native');
  expect(native).toMatchObject({
    isAvailable: false,
    detail: 'peer and orderer are not in FABRIC_BIN (/nowhere/bin).',
  });
  expect(await surroundings.networks()).toEqual([]);
});
