import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Authority, IdentityDetail, ImportPreview } from '../../../electron/api/identity-models';
import type { Identity } from '../../../electron/api/models';
import { defaultSettings } from '../../../electron/api/settings';
import { App } from '../../app';
import { aProblem, FakeClient, FakeProblem } from '../../client/testing/fake-client';
import { aStatus } from '../../network/testing/status';

const anIdentity = (id: string, change: Partial<Identity> = {}): Identity => {
  const [organization = '', name = ''] = id.split('/');
  return {
    id,
    organization,
    mspId: `${organization}MSP`,
    name,
    role: 'client',
    attributes: {},
    expires: new Date(Date.now() + 3_000 * 86_400_000).toISOString(),
    fingerprint: 'AA:BB:CC',
    source: 'network',
    problem: null,
    channels: ['goods-channel'],
    ...change,
  };
};

const detailOf = (identity: Identity, change: Partial<IdentityDetail> = {}): IdentityDetail => ({
  ...identity,
  certificate: {
    subject: `OU=client, CN=${identity.name}@alpha.test`,
    issuer: 'CN=ca.alpha.test',
    commonName: `${identity.name}@alpha.test`,
    serialNumber: '0badcafe',
    from: '2026-01-01T00:00:00.000Z',
    expires: identity.expires,
    fingerprint: identity.fingerprint,
    organizationalUnits: ['client'],
    alternativeNames: [],
    attributes: { 'hf.EnrollmentID': identity.name },
    keyType: 'ECDSA on P-256',
    signatureAlgorithm: 'ECDSA with SHA-256',
    keyUsages: ['digital signature'],
    extendedKeyUsages: [],
    isAuthority: false,
  },
  certificatePem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  chain: ['CN=x', 'CN=ca.alpha.test'],
  keyAt: 'network',
  noEnvironment: null,
  notRemovable: 'Only identities that were issued or imported here can be.',
  ...change,
});

const authority = (organization: string, change: Partial<Authority> = {}): Authority => ({
  organization,
  mspId: `${organization}MSP`,
  name: `ca.${organization.toLowerCase()}.test`,
  domain: `${organization.toLowerCase()}.test`,
  expires: '2036-11-19T00:00:00.000Z',
  problem: null,
  ...change,
});

const wallet = [
  anIdentity('Alpha/operator', { attributes: { role: 'operator' } }),
  anIdentity('Alpha/old', {
    expires: new Date(Date.now() - 5 * 86_400_000).toISOString(),
    problem: 'Its certificate expired.',
  }),
  anIdentity('Beta/desk', {
    source: 'issued',
    fingerprint: '11:22:33',
    expires: new Date(Date.now() + 10.5 * 86_400_000).toISOString(),
  }),
];

const preview = (change: Partial<ImportPreview> = {}): ImportPreview => ({
  checks: [
    { check: 'certificate', outcome: 'passed', title: 'The certificate of x.', detail: '', hint: '' },
    {
      check: 'key',
      outcome: 'failed',
      title: 'The private key is encrypted with a password.',
      detail: '',
      hint: 'Decrypt it first: `openssl pkcs8`.',
    },
  ],
  ready: false,
  swapped: false,
  organization: 'Alpha',
  name: 'x',
  certificate: null,
  ...change,
});

let client: FakeClient;
beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  client = new FakeClient({
    'network.status': () => aStatus(),
    'task.list': () => [],
    'settings.get': () => defaultSettings,
    'identity.list': () => [...wallet],
    'identity.usage': () => [
      { identity: 'Alpha/operator', calls: 12, failed: 2, last: new Date(Date.now() - 60_000).toISOString() },
    ],
    'identity.show': ({ identity }) => {
      const found = wallet.find(({ id }) => id === identity);
      if (!found) return new FakeProblem(aProblem({ title: `There is no identity ${identity}.` }));
      return found.source === 'network'
        ? detailOf(found)
        : detailOf(found, {
            keyAt: 'wallet',
            notRemovable: null,
            noEnvironment: 'The wallet keeps it encrypted.',
          });
    },
    'identity.authorities': () => [
      authority('Alpha'),
      authority('Beta', {
        expires: null,
        problem: {
          title: 'Nothing can be issued for Beta here.',
          detail: 'priv_sk is gone.',
          hint: 'Import it.',
        },
      }),
    ],
    'contract.list': () => [],
  });
});
afterEach(() => {
  cleanup();
  window.location.hash = '';
});

async function show(address: string) {
  window.location.hash = address;
  render(<App client={client} />);
  // The first view's modules are loaded while it waits.
  return screen.findByRole('heading', { level: 1, name: 'Identities' }, { timeout: 10_000 });
}
const rows = async () => {
  const table = await screen.findByRole('table', { name: 'Identities' });
  return within(table).getAllByRole('row').slice(1);
};
const namesOf = async () => (await rows()).map((row) => within(row).getAllByRole('cell')[1]?.textContent);

test('the wallet says of each who it is, when it expires, what it did here and whether nodes accept it', async () => {
  await show('/identities');
  const [operator, , desk] = (await rows()).map(({ textContent }) => textContent);
  expect(operator).toMatch(
    /Alpha.*operator.*acting.*role=operator.*in 8 years.*12 calls, 2 failed.*Network.*yes/,
  );
  expect(desk).toMatch(/Beta.*desk.*in 10 days.*no calls.*Issued here/);
  expect(screen.getByText('1 expired')).toBeDefined();
  expect(screen.getByText('1 expiring within 30 days')).toBeDefined();
});

test('is sorted and filtered, and the address says how', async () => {
  await show('/identities?sort=expires');
  expect(await namesOf()).toEqual(['old', 'desk', 'operatoracting']);
  const user = userEvent.setup({ delay: null });
  await user.type(screen.getByRole('searchbox', { name: 'Filter identities' }), '1122 beta');
  await vi.waitFor(async () => expect(await namesOf()).toEqual(['desk']));
  expect(decodeURIComponent(window.location.hash)).toContain('q=1122');
  await user.clear(screen.getByRole('searchbox'));
  await user.type(screen.getByRole('searchbox'), 'nobody');
  await user.click(await screen.findByRole('button', { name: 'Show all' }));
  expect(await rows()).toHaveLength(3);
});

test('one of the network shows all of its certificate, is acted as, and cannot be removed, with the reason', async () => {
  await show('/identities?identity=Alpha%2Fold');
  const panel = await screen.findByRole('complementary', { name: 'Alpha/old' });
  expect(await within(panel).findByText('OU=client, CN=old@alpha.test')).toBeDefined();
  for (const text of ['ECDSA on P-256', '0badcafe', 'digital signature', 'hf.EnrollmentID=old']) {
    expect(within(panel).getByText(text)).toBeDefined();
  }
  expect(panel.textContent).toContain('cityflow env Alpha/old');
  const user = userEvent.setup({ delay: null });
  await user.click(within(panel).getByRole('button', { name: 'Remove' }));
  expect(screen.queryByRole('alertdialog')).toBeNull();
  await user.click(within(panel).getByRole('button', { name: 'Act as this' }));
  expect(await within(panel).findByText(/acting now/)).toBeDefined();
});

test('one of the wallet is removed once its name is typed', async () => {
  client.answers['identity.remove'] = ({ identity }) => ({ removed: identity });
  await show('/identities?identity=Beta%2Fdesk');
  const user = userEvent.setup({ delay: null });
  await user.click(await screen.findByRole('button', { name: 'Remove' }));
  const dialog = await screen.findByRole('alertdialog');
  const confirm = within(dialog).getByRole('button', { name: 'Remove desk' });
  await user.click(confirm);
  expect(client.calls.some(({ name }) => name === 'identity.remove')).toBe(false);
  await user.type(within(dialog).getByRole('textbox'), 'desk');
  await user.click(confirm);
  await vi.waitFor(() =>
    expect(client.calls).toContainEqual({ name: 'identity.remove', request: { identity: 'Beta/desk' } }),
  );
});

test('an import says what is wrong line by line, keeps what was given, and swaps the fields', async () => {
  client.answers['identity.check'] = ({ certificatePem }) =>
    certificatePem === 'KEY' ? preview({ swapped: true }) : preview({ ready: true, checks: [] });
  client.answers['identity.import'] = () =>
    new FakeProblem(aProblem({ code: 'DISK_FULL', title: 'The disk is full' }));
  await show('/identities?form=import');
  const user = userEvent.setup({ delay: null });
  const dialog = await screen.findByRole('dialog', { name: 'Import an identity' });
  await user.type(within(dialog).getByRole('textbox', { name: /^Certificate/ }), 'KEY');
  await user.type(within(dialog).getByRole('textbox', { name: /^Private key/ }), 'CERT');
  expect(await within(dialog).findByText('The private key is encrypted with a password.')).toBeDefined();
  expect(within(dialog).getByText('openssl pkcs8').tagName).toBe('CODE');
  expect(within(dialog).getByRole('button', { name: 'Import' }).hasAttribute('disabled')).toBe(true);
  await user.click(within(dialog).getByRole('button', { name: 'Swap the two fields' }));
  await user.click(await within(dialog).findByRole('button', { name: 'Import Alpha/x' }));
  expect(await within(dialog).findByText('The disk is full')).toBeDefined();
  expect(within(dialog).getByRole<HTMLTextAreaElement>('textbox', { name: /^Certificate/ }).value).toBe(
    'CERT',
  );
  expect(client.calls).toContainEqual({
    name: 'identity.import',
    request: { certificatePem: 'CERT', privateKeyPem: 'KEY' },
  });
});

test('files are put where they belong by what is in them', async () => {
  client.answers['identity.check'] = () => preview();
  await show('/identities?form=import');
  const dialog = await screen.findByRole('dialog');
  const input = document.querySelector<HTMLInputElement>('input[type=file]');
  if (!input) throw new Error('no way to choose a file');
  const key = '-----BEGIN PRIVATE KEY-----\nQQ==\n-----END PRIVATE KEY-----';
  const certificate = '-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----';
  await userEvent
    .setup({ applyAccept: false, delay: null })
    .upload(input, [
      new File([key], 'one.pem'),
      new File([certificate], 'two.pem'),
      new File([new Uint8Array([0x30, 0x82])], 'binary.cer'),
    ]);
  expect(await within(dialog).findByText('one.pem is the key.')).toBeDefined();
  expect(within(dialog).getByText(/binary.cer is binary \(DER\)/)).toBeDefined();
  const value = (name: RegExp) => within(dialog).getByRole<HTMLTextAreaElement>('textbox', { name }).value;
  expect([value(/^Certificate/), value(/^Private key/)]).toEqual([certificate, key]);
});

test('an identity is issued with role and attributes, and acted as', async () => {
  const issued = anIdentity('Alpha/desk-2', { source: 'issued' });
  const all = [...wallet];
  client.answers['identity.list'] = () => [...all];
  client.answers['identity.show'] = () => detailOf(issued);
  client.answers['identity.issue'] = () => {
    all.push(issued);
    return issued;
  };
  await show('/identities?form=issue');
  const user = userEvent.setup({ delay: null });
  const dialog = await screen.findByRole('dialog', { name: 'Issue an identity' });
  await user.type(await within(dialog).findByRole('textbox', { name: 'Name' }), 'operator');
  expect(await within(dialog).findByText('There is an identity Alpha/operator already.')).toBeDefined();
  await user.clear(within(dialog).getByRole('textbox', { name: 'Name' }));
  await user.type(within(dialog).getByRole('textbox', { name: 'Name' }), 'desk-2');
  await user.type(within(dialog).getByRole('textbox', { name: 'Value of attribute 1' }), 'registrar');
  await user.click(within(dialog).getByRole('button', { name: 'Issue Alpha/desk-2' }));
  await vi.waitFor(() =>
    expect(client.calls).toContainEqual({
      name: 'identity.issue',
      request: { organization: 'Alpha', name: 'desk-2', role: 'client', attributes: { role: 'registrar' } },
    }),
  );
  const panel = await screen.findByRole('complementary', { name: 'Alpha/desk-2' });
  expect(await within(panel).findByRole('button', { name: 'Acting as this' })).toBeDefined();
  expect(within(panel).getByText(/acting now/)).toBeDefined();
});

test('who may only look is told why nothing can be added', async () => {
  client.role = 'viewer';
  await show('/identities?form=issue');
  expect(await rows()).toHaveLength(3);
  expect(screen.queryByRole('dialog')).toBeNull();
  await userEvent.setup({ delay: null }).click(screen.getByRole('button', { name: /Issue identity/ }));
  expect(screen.queryByRole('dialog')).toBeNull();
});
