import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readdir, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CertificateAuthority } from '../../../network/artifacts/authority';
import type { ImportCheck, ImportPreview } from '../../api/identity-models';
import { openTestWallet } from './testing/test-wallet';
import type { TestWallet } from './testing/test-wallet';
import type { WalletIdentities } from './wallet-identities';

let opened: TestWallet;
let wallet: WalletIdentities;
beforeAll(async () => {
  opened = await openTestWallet();
  wallet = opened.open();
});
afterAll(() => opened.close());

type Given = Parameters<WalletIdentities['check']>[0];
const check = (given: Partial<Given>): Promise<ImportPreview> =>
  wallet.check({ organization: undefined, name: 'new', certificatePem: '', privateKeyPem: '', ...given });
const of = ({ checks }: ImportPreview, name: ImportCheck['check']): ImportCheck => {
  const found = checks.find((one) => one.check === name);
  if (!found) throw new Error(`nothing looked at ${name}`);
  return found;
};
const failures = ({ checks }: ImportPreview) =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ check: name }) => name);
const operator = () => opened.pemOf('ParkingOperator', 'operator');
/** A certificate that ParkingOperator's CA issued, with its key. */
const issued = async (commonName = 'x@parkingoperator.cityflow.com', now = new Date()) => {
  const { authority } = opened.network.material.organization('ParkingOperator');
  return (await CertificateAuthority.open(authority)).issueIdentity({ commonName, role: 'client' }, now);
};

describe('what can be imported', () => {
  test('is told line by line, with the organization and name it will have', async () => {
    const preview = await check({ ...(await issued('desk@parkingoperator.cityflow.com')), name: undefined });
    expect(preview).toMatchObject({ ready: true, organization: 'ParkingOperator', name: 'desk' });
    expect(preview.checks.every(({ outcome }) => outcome === 'passed')).toBe(true);
    expect(preview.certificate).toMatchObject({ keyType: 'ECDSA on P-256', organizationalUnits: ['client'] });
  });

  test('may come with Windows line endings, a byte order mark, spaces and words around it', async () => {
    const { certificatePem, privateKeyPem } = await issued();
    const preview = await check({
      certificatePem: `\uFEFFsubject=CN = x\r\n${certificatePem.replaceAll('\n', '\r\n')}`,
      privateKeyPem: privateKeyPem.replaceAll(/^/gm, '  '),
    });
    expect(preview.ready).toBe(true);
    expect(of(preview, 'certificate').detail).toBe('Put right: a byte order mark, Windows line endings.');
  });

  test('may be written in one line of JSON', async () => {
    const { certificatePem, privateKeyPem } = await issued();
    const oneLine = (pem: string) => pem.replaceAll('\n', '\\n');
    expect(
      (await check({ certificatePem: oneLine(certificatePem), privateKeyPem: oneLine(privateKeyPem) })).ready,
    ).toBe(true);
  });

  test('may stand in one file with its key', async () => {
    const { certificatePem, privateKeyPem } = await issued();
    expect((await check({ certificatePem: privateKeyPem + certificatePem })).ready).toBe(true);
  });

  test('may be a SEC 1 key', async () => {
    const { privateKeyPem, certificatePem } = await issued();
    const sec1 = createPrivateKey(privateKeyPem).export({ type: 'sec1', format: 'pem' }).toString();
    expect((await check({ certificatePem, privateKeyPem: sec1 })).ready).toBe(true);
  });

  test('is taken from several certificates by its key, and the others are named', async () => {
    const own = await issued();
    const authority = await readFile(
      opened.network.material.organization('ParkingOperator').authority.certificate,
      'utf8',
    );
    const preview = await check({ ...own, certificatePem: authority + own.certificatePem });
    expect(preview.ready).toBe(true);
    expect(of(preview, 'certificate')).toMatchObject({
      outcome: 'warning',
      title: '2 certificates: that of x@parkingoperator.cityflow.com is taken.',
      detail: 'Left out: ca.parkingoperator.cityflow.com.',
    });
  });

  test('is imported as it was looked at', async () => {
    const own = await issued('twin@parkingoperator.cityflow.com');
    const identity = await wallet.import({ ...own, organization: undefined, name: undefined });
    expect(identity).toMatchObject({ id: 'ParkingOperator/twin', source: 'imported', problem: null });
    const again = await check({ ...own, name: 'other' });
    expect(of(again, 'name')).toMatchObject({
      outcome: 'warning',
      title: 'The same certificate is here as ParkingOperator/twin.',
    });
    expect(failures(await check({ ...own, name: 'TWIN' }))).toEqual(['name']);
  });
});

describe('what cannot be imported says what is wrong', () => {
  test('swapped fields', async () => {
    const { certificatePem, privateKeyPem } = await operator();
    const preview = await check({ certificatePem: privateKeyPem, privateKeyPem: certificatePem });
    expect(preview.swapped).toBe(true);
    expect(of(preview, 'certificate').hint).toBe('Swap the two fields.');
    expect(of(preview, 'key').title).toBe('That is a certificate, not a private key.');
  });

  test('a certificate of a CA', async () => {
    const file = opened.network.material.organization('ParkingOperator').authority.certificate;
    const preview = await check({ certificatePem: await readFile(file, 'utf8') });
    expect(of(preview, 'certificate').title).toBe('That is the certificate of a CA, not of an identity.');
  });

  test('a certificate that was cut off, and one that was damaged', async () => {
    const { certificatePem } = await operator();
    const cut = await check({ certificatePem: certificatePem.slice(0, 300) });
    expect(of(cut, 'certificate').detail).toContain('-----END CERTIFICATE----- is missing');
    const damaged = await check({ certificatePem: certificatePem.replace(/\n.{64}\n/, '\n') });
    expect(of(damaged, 'certificate').title).toBe('That is no certificate.');
  });

  test('a certificate that has expired, and one that is not valid yet', async () => {
    const long = 3700 * 86_400_000;
    const expired = await check(await issued('old@x', new Date(Date.now() - long)));
    expect(failures(expired)).toContain('validity');
    expect(of(expired, 'validity').title).toBe('The certificate has expired.');
    const early = await check(await issued('early@x', new Date(Date.now() + 86_400_000)));
    expect(of(early, 'validity').title).toBe('The certificate is not valid yet.');
  });

  test('a certificate of another organization, and of one that is not known', async () => {
    const foreign = await check({ ...(await operator()), organization: 'CityManagementMSP' });
    expect(of(foreign, 'organization')).toMatchObject({
      outcome: 'failed',
      title: 'The certificate is one of ParkingOperator, not of CityManagement.',
      hint: 'Import it for ParkingOperator.',
    });
    const elsewhere = await openTestWallet();
    try {
      const unknown = await check(await elsewhere.pemOf('ParkingOperator', 'operator'));
      expect(of(unknown, 'organization')).toMatchObject({
        outcome: 'failed',
        title: 'No organization of this network accepts the certificate.',
      });
      expect(of(unknown, 'organization').detail).toContain('ParkingOperatorMSP');
      const asked = await check({
        ...(await elsewhere.pemOf('ParkingOperator', 'operator')),
        organization: 'ParkingOperator',
      });
      expect(of(asked, 'chain').outcome).toBe('failed');
    } finally {
      await elsewhere.close();
    }
  });

  test.each([
    ['ed25519', () => generateKeyPairSync('ed25519').privateKey, 'Ed25519, which nodes of Fabric 2.5'],
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'RSA with 2048 bits'],
  ])('a key of type %s, with what to do', async (_type, key, words) => {
    const preview = await check({
      ...(await operator()),
      privateKeyPem: key().export({ type: 'pkcs8', format: 'pem' }).toString(),
    });
    expect(of(preview, 'keyType').detail).toContain(words);
    expect(of(preview, 'keyType').hint).toContain('fabric-ca-client enroll');
  });

  test('an encrypted key of OpenSSL’s old form', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const preview = await check({
      privateKeyPem: key
        .export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
    });
    expect(of(preview, 'key').title).toBe('The private key is encrypted with a password.');
  });

  test('nothing at all is not complete rather than wrong', async () => {
    const preview = await check({ name: undefined });
    expect(failures(preview)).toEqual([]);
    expect(preview.ready).toBe(false);
    await expect(
      wallet.import({ organization: undefined, name: undefined, certificatePem: '', privateKeyPem: '' }),
    ).rejects.toMatchObject({ problem: { title: 'No certificate has been given yet.' } });
  });
});

test('no private key of the wallet stands on disk in clear, and all is its owner’s alone', async () => {
  const own = await issued('sealed@parkingoperator.cityflow.com');
  await wallet.import({ ...own, organization: undefined, name: undefined });
  await wallet.issue({ organization: 'UserService', name: 'desk-9', role: 'client', attributes: {} });
  const folder = path.join(opened.home, 'wallet');
  const secret = createPrivateKey(own.privateKeyPem);
  const value = Buffer.from(secret.export({ format: 'jwk' }).d ?? 'none', 'base64url');
  /** The private value alone: the rest of an encoded key is its public key, which the certificate has too. */
  const forms = [
    value,
    value.toString('hex'),
    ...(['pkcs8', 'sec1'] as const).map((type) => {
      const key = secret.export({ type, format: 'der' });
      const aligned = Math.ceil(key.indexOf(value) / 3) * 3;
      return key.subarray(aligned, aligned + 27).toString('base64');
    }),
  ];
  expect(own.privateKeyPem.replaceAll('\n', '')).toContain(forms[2]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  expect(entries.filter((entry) => entry.isFile()).length).toBeGreaterThanOrEqual(3);
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    expect([file, (await stat(file)).mode & 0o077]).toEqual([file, 0]);
    if (!entry.isFile()) continue;
    const bytes = await readFile(file);
    expect(bytes.includes('PRIVATE KEY')).toBe(false);
    for (const form of forms) expect(bytes.includes(form)).toBe(false);
  }
  expect((await stat(folder)).mode & 0o077).toBe(0);
});

test('what is shown of an identity has everything but its key', async () => {
  const { privateKeyPem } = await operator();
  const detail = await wallet.show('parkingoperator/OPERATOR');
  expect(detail).toMatchObject({
    id: 'ParkingOperator/operator',
    keyAt: 'network',
    noEnvironment: null,
    notRemovable: 'Only identities that were issued or imported here can be.',
    certificate: {
      commonName: 'operator@parkingoperator.cityflow.com',
      keyUsages: ['digital signature'],
      isAuthority: false,
      attributes: { role: 'operator', 'hf.EnrollmentID': 'operator' },
    },
  });
  expect(detail.chain).toHaveLength(2);
  expect(JSON.stringify(detail)).not.toContain(privateKeyPem.split('\n')[1]);
});

test('without its CA’s key an organization issues nothing here, and says what is missing', async () => {
  const { authority } = opened.network.material.organization('ChargingStation');
  expect((await wallet.authorities()).every(({ problem }) => problem === null)).toBe(true);
  await rename(authority.key, `${authority.key}.elsewhere`);
  try {
    const found = (await wallet.authorities()).find(({ organization }) => organization === 'ChargingStation');
    expect(found).toMatchObject({
      expires: null,
      problem: { title: expect.stringContaining('the key of its CA cannot be used') as string },
    });
    await expect(
      wallet.issue({ organization: 'ChargingStation', name: 'a', role: 'client', attributes: {} }),
    ).rejects.toMatchObject({
      problem: { code: 'KEY_UNUSABLE', hint: expect.stringContaining('import it here') as string },
    });
  } finally {
    await rename(`${authority.key}.elsewhere`, authority.key);
  }
});

test('an identity of the wallet is not given to programs that would read its key from a file', async () => {
  await wallet.issue({ organization: 'UserService', name: 'no-env', role: 'client', attributes: {} });
  await expect(wallet.environment('UserService/no-env')).rejects.toMatchObject({
    problem: { title: 'UserService/no-env cannot be used by the genuine commands.' },
  });
});
