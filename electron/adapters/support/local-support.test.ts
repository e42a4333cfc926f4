import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestWallet } from '../wallet/testing/test-wallet';
import type { TestWallet } from '../wallet/testing/test-wallet';
import { LocalSupport } from './local-support';

let opened: TestWallet;
beforeAll(async () => void (opened = await openTestWallet()));
afterAll(() => opened.close());

const support = (environment: NodeJS.ProcessEnv = {}) =>
  new LocalSupport(opened.network, opened.home, environment);

test('every line of every private key of the network, and secrets of the environment, are known', async () => {
  const secrets = await support({ DB_PASSWORD: 'hunter2', HOME: '/home/ada' }).secrets();
  expect(secrets).toContain('hunter2');
  expect(secrets).not.toContain('/home/ada');
  const { material } = opened.network;
  for (const organization of material.organizations) {
    const files = [
      organization.authority.key,
      organization.tlsAuthority.key,
      ...organization.nodes.map(({ tls }) => tls.key),
      ...organization.users.map(({ key }) => key),
    ];
    for (const file of files) {
      const [, first = 'none', second = 'none'] = (await readFile(file, 'utf8')).split('\n');
      expect(secrets).toContain(first);
      expect(secrets).toContain(second);
    }
  }
});

test('a bundle is a gzipped tar archive whose files only their owner reads', async () => {
  const packed = await support().pack([
    { name: 'a/one.txt', text: 'eins' },
    { name: 'a/two.txt', text: 'zwei – zwölf' },
  ]);
  const found: [string, number | undefined, string][] = [];
  const archive = extract();
  archive.end(gunzipSync(packed));
  for await (const entry of archive) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    found.push([entry.header.name, entry.header.mode, Buffer.concat(chunks).toString('utf8')]);
  }
  expect(found).toEqual([
    ['a/one.txt', 0o600, 'eins'],
    ['a/two.txt', 0o600, 'zwei – zwölf'],
  ]);
});

test('what is stored is measured, and what is not there takes nothing', async () => {
  const stored = await support().stored();
  expect(stored.map(({ kind, bytes }) => [kind, bytes])).toEqual([
    ['ledgers', 0],
    ['logs', 0],
    ['metrics', 0],
    ['history', 0],
    ['audit', 0],
    ['wallet', 0],
    ['settings', 0],
  ]);
  expect(await support().about()).toMatchObject({ fabric: '2.5.4', licence: 'Apache-2.0', protocol: 1 });
});
