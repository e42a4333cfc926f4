import { generateKeyPairSync } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeyFileProtector } from './key-file-protector';
import { openTestWallet } from './testing/test-wallet';
import type { TestWallet } from './testing/test-wallet';
import type { WalletIdentities } from './wallet-identities';

let opened: TestWallet;
let home = '';
let wallet: WalletIdentities;
beforeAll(async () => {
  opened = await openTestWallet();
  home = opened.home;
  wallet = opened.open();
});
afterAll(() => opened.close());

const operator = () => opened.pemOf('ParkingOperator', 'operator');
const auditor = () => opened.pemOf('CityManagement', 'auditor');

test('an issued identity signs, is listed with what it may do, and its key is not readable on disk', async () => {
  const issued = await wallet.issue({
    organization: 'UserServiceMSP',
    name: 'desk-2',
    role: 'client',
    attributes: { role: 'registrar' },
  });
  expect(issued).toMatchObject({
    id: 'UserService/desk-2',
    role: 'client',
    attributes: { role: 'registrar' },
    source: 'issued',
    problem: null,
  });
  const signer = await opened.open().signer('userservice/DESK-2');
  expect(signer.mspId).toBe('UserServiceMSP');
  expect(signer.sign(Buffer.from('x')).length).toBeGreaterThan(60);
  const file = path.join(home, 'wallet', 'test', 'UserService_desk-2.json');
  const stored = await readFile(file, 'utf8');
  expect(stored).not.toContain('PRIVATE KEY');
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect((await stat(path.join(home, 'wallet', 'key'))).mode & 0o077).toBe(0);
});

test('an imported identity is named by its certificate unless it is given a name', async () => {
  const imported = await wallet.import({
    organization: 'ParkingOperator',
    name: 'spare',
    ...(await operator()),
  });
  expect(imported).toMatchObject({
    id: 'ParkingOperator/spare',
    attributes: { role: 'operator' },
    source: 'imported',
  });
  const again = wallet.import({ organization: 'ParkingOperator', name: undefined, ...(await operator()) });
  await expect(again).rejects.toMatchObject({
    problem: { code: 'IDENTITY_EXISTS', title: 'There is an identity ParkingOperator/operator already.' },
  });
  await wallet.remove('ParkingOperator/spare');
  expect((await wallet.list()).some(({ id }) => id === 'ParkingOperator/spare')).toBe(false);
});

test('what belongs to the network is exported and not removed', async () => {
  expect(await wallet.certificate('UserService/registrar')).toContain('BEGIN CERTIFICATE');
  await expect(wallet.remove('UserService/registrar')).rejects.toMatchObject({
    problem: { code: 'BAD_REQUEST' },
  });
});

const pemKey = (key: { export(options: object): string | Buffer }, options: object = {}) =>
  key.export({ type: 'pkcs8', format: 'pem', ...options }).toString();

test.each([
  [
    'a key of another certificate',
    async () => ({ ...(await operator()), privateKeyPem: (await auditor()).privateKeyPem }),
    'KEY_UNUSABLE',
    'does not belong',
  ],
  [
    'an encrypted key',
    async () => ({
      ...(await operator()),
      privateKeyPem: pemKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, {
        cipher: 'aes-256-cbc',
        passphrase: 'x',
      }),
    }),
    'KEY_UNUSABLE',
    'encrypted with a password',
  ],
  [
    'an Ed25519 key',
    async () => ({ ...(await operator()), privateKeyPem: pemKey(generateKeyPairSync('ed25519').privateKey) }),
    'KEY_UNUSABLE',
    'Ed25519, which nodes of Fabric 2.5 do not know',
  ],
  [
    'a curve Fabric does not know',
    async () => ({
      ...(await operator()),
      privateKeyPem: pemKey(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey),
    }),
    'KEY_UNUSABLE',
    'secp256k1',
  ],
  [
    'no key at all',
    async () => ({ ...(await operator()), privateKeyPem: 'hello' }),
    'KEY_UNUSABLE',
    'no private key',
  ],
  [
    'no certificate',
    async () => ({ ...(await operator()), certificatePem: 'hello' }),
    'CERTIFICATE_INVALID',
    'no certificate',
  ],
  [
    'the key in the wrong field',
    async () => ({ ...(await operator()), certificatePem: (await operator()).privateKeyPem }),
    'CERTIFICATE_INVALID',
    'private key, not a certificate',
  ],
  ['another organization’s certificate', auditor, 'CERTIFICATE_INVALID', 'one of CityManagement'],
])('%s is refused, and it is said why', async (_what, material, code, words) => {
  const outcome = wallet.import({ organization: 'ParkingOperator', name: 'bad', ...(await material()) });
  await expect(outcome).rejects.toMatchObject({ problem: { code } });
  await expect(outcome).rejects.toThrow(new RegExp(words));
});

test('an organization the network does not have is refused with those it has', async () => {
  const outcome = wallet.import({ organization: 'Atlantis', name: 'a', ...(await operator()) });
  await expect(outcome).rejects.toMatchObject({
    problem: { code: 'UNKNOWN_ORGANIZATION', hint: expect.stringContaining('ParkingOperatorMSP') as string },
  });
});

test('a name that is a path is refused', async () => {
  const outcome = wallet.issue({ organization: 'UserService', name: '../x', role: 'client', attributes: {} });
  await expect(outcome).rejects.toMatchObject({ problem: { code: 'BAD_REQUEST' } });
});

test('a damaged identity is named, is not written over, and takes no other with it', async () => {
  const file = path.join(home, 'wallet', 'test', 'UserService_damaged.json');
  await writeFile(file, '{"organization": "UserService"');
  expect((await wallet.list()).map(({ id }) => id)).toContain('UserService/desk-2');
  expect(await opened.faults.list()).toMatchObject([{ store: 'wallet', kind: 'damaged', file }]);
  const wanted = { organization: 'UserService', name: 'damaged', role: 'client' as const, attributes: {} };
  await expect(wallet.issue(wanted)).rejects.toMatchObject({ problem: { code: 'IDENTITY_EXISTS' } });
  expect(await readFile(file, 'utf8')).toBe('{"organization": "UserService"');
  await rm(file);
  await wallet.list();
  expect(await opened.faults.list()).toEqual([]);
});

test('without its key file the wallet lists and does not sign; no new key takes the place of the lost one', async () => {
  const file = path.join(home, 'wallet', 'key');
  const key = await readFile(file);
  const wanted = { organization: 'UserService', name: 'late', role: 'client' as const, attributes: {} };
  for (const spoil of [() => rm(file), () => writeFile(file, 'short')]) {
    await spoil();
    const other = opened.open();
    expect((await other.list()).map(({ id }) => id)).toContain('UserService/desk-2');
    const unusable = {
      problem: { code: 'KEY_UNUSABLE', detail: expect.stringContaining(file) as string },
    };
    await expect(other.signer('UserService/desk-2')).rejects.toMatchObject(unusable);
    await expect(other.issue(wanted)).rejects.toMatchObject(unusable);
  }
  await writeFile(file, key);
  await opened.open().signer('UserService/desk-2');
});

test('a key that is lost, damaged or exchanged is told before an identity is used, until it is back', async () => {
  const file = path.join(home, 'wallet', 'key');
  const key = await readFile(file);
  const told = async () => {
    await opened.open().list();
    const faults = await opened.faults.list();
    return faults.filter((fault) => fault.file === file).map(({ title, detail }) => `${title} ${detail}`);
  };
  expect(await told()).toEqual([]);
  await rm(file);
  expect(await told()).toEqual([
    expect.stringMatching(/^The key of the wallet cannot be used\. .*key is missing/),
  ]);
  await writeFile(file, key.subarray(1));
  expect(await told()).toEqual([expect.stringMatching(/key is damaged/)]);
  await writeFile(file, Buffer.alloc(32, 1));
  expect(await told()).toEqual([expect.stringMatching(/holds another key/)]);
  await writeFile(file, key);
  expect(await told()).toEqual([]);
});

test('a key file that was exchanged opens nothing', async () => {
  const protector = new KeyFileProtector(path.join(home, 'a', 'key'));
  const sealed = await protector.seal(Buffer.from('secret'), 'one');
  expect(Buffer.from(await protector.open(sealed, 'one')).toString()).toBe('secret');
  await expect(protector.open(sealed, 'two')).rejects.toMatchObject({ problem: { code: 'KEY_UNUSABLE' } });
  await writeFile(path.join(home, 'a', 'key'), Buffer.alloc(32, 1));
  const other = new KeyFileProtector(path.join(home, 'a', 'key'));
  await expect(other.open(sealed, 'one')).rejects.toMatchObject({ problem: { code: 'KEY_UNUSABLE' } });
});
