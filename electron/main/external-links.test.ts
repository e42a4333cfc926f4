import { expect, test, vi } from 'vitest';
import { openExternalSafely } from './external-links';

test.each([
  'https://hyperledger-fabric.readthedocs.io/en/release-2.5/',
  'https://github.com/hyperledger/fabric#readme',
  'https://GITHUB.com/hyperledger/fabric',
])('%s is opened', async (url) => {
  const open = vi.fn(() => Promise.resolve());
  expect(await openExternalSafely(url, open)).toBe(true);
  expect(open).toHaveBeenCalledExactlyOnceWith(new URL(url).href);
});

test.each([
  '',
  'github.com',
  'http://github.com/',
  'https://github.com.evil.example/',
  'https://evil.example/https://github.com/',
  'https://evil.example#github.com',
  'https://github.com@evil.example/',
  'https://user@github.com/',
  'https://user:password@github.com/',
  'https://github.com:8443/',
  'https://gist.github.com/',
  'https://githubXcom/',
  'https:\\\\evil.example\\github.com',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://github.com/share',
  'ms-msdt:/id',
  'app://console/',
  'mailto:someone@github.com',
])('%j is not opened', async (url) => {
  const open = vi.fn(() => Promise.resolve());
  expect(await openExternalSafely(url, open)).toBe(false);
  expect(open).not.toHaveBeenCalled();
});
