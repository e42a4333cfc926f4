import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NONCE_PLACEHOLDER } from '../core/content-security-policy';
import { assetOf, serveAssets } from './assets';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'cityflow-page-'));
  await mkdir(path.join(root, 'page', 'assets'), { recursive: true });
  await writeFile(path.join(root, 'secret.txt'), 'secret');
  await writeFile(path.join(root, 'page', 'index.html'), `<meta content="${NONCE_PLACEHOLDER}">`);
  await writeFile(path.join(root, 'page', 'assets', 'main.js'), 'export {};');
  await writeFile(path.join(root, 'page', 'assets', 'program.exe'), '');
});
afterAll(() => rm(root, { recursive: true }));

const get = (url: string, init?: RequestInit) =>
  serveAssets(path.join(root, 'page'))(
    // undici refuses some methods and normalises URLs as Chromium does not: a plain object is what is looked at.
    { url, method: init?.method ?? 'GET' } as Request,
  );

test.each([
  ['app://console/', 'index.html'],
  ['app://console', 'index.html'],
  ['app://console/network/peer0', 'index.html'],
  ['app://console/assets/main.js?v=1#x', 'assets/main.js'],
  ['app://console//assets//main.js', 'assets/main.js'],
  ['app://console/assets/../assets/main.js', 'assets/main.js'],
  // The parser itself takes these for dots, and stops at the top.
  ['app://console/%2e%2e/secret.txt', 'secret.txt'],
])('%s is answered with %s', (url, asset) => expect(assetOf(url)).toBe(asset));

test.each([
  'app://evil/index.html',
  'https://console/index.html',
  'app://console/..%2fsecret.txt',
  'app://console/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
  'app://console/..%5csecret.txt',
  'app://console/assets\\..\\..\\secret.txt',
  'app://console/%00index.html',
  'app://console/C:%5cwindows%5cwin.ini',
  'app://console/.env',
  'app://console/%E0%A4%A',
])('%s is answered with nothing', (url) => expect(assetOf(url)).toBeUndefined());

test('the page comes with the policy, and its nonce is new each time', async () => {
  const [first, second] = [await get('app://console/'), await get('app://console/')];
  const nonceOf = (response: Response) =>
    /'nonce-([^']+)'/.exec(response.headers.get('Content-Security-Policy') ?? '')?.[1];
  expect(first.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  expect(first.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  expect(await first.text()).toBe(`<meta content="${nonceOf(first)}">`);
  expect(nonceOf(second)).not.toBe(nonceOf(first));
});

test('a script comes as a script and may not be taken for anything else', async () => {
  const response = await get('app://console/assets/main.js');
  expect(response.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
  expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(await response.text()).toBe('export {};');
});

test.each(['/assets/missing.js', '/assets/program.exe', '/%2e%2e/secret.txt', '/assets.js/x.js'])(
  '%s is 404, never the page',
  async (asset) => {
    const response = await get(`app://console${asset}`);
    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Type')).toContain('text/plain');
  },
);

test('nothing but GET and HEAD', async () => {
  expect((await get('app://console/', { method: 'POST' })).status).toBe(405);
  const head = await get('app://console/', { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
});
