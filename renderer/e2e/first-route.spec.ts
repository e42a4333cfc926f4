import { gzipSync } from 'node:zlib';
import { expect, test } from './harness/test';

const MOST_BYTES = 350 * 1024;

test('what the browser fetches for the first view is 350 KB at most, compressed', async ({
  shell,
  openWindow,
  network,
}, info) => {
  info.skip(shell === 'desktop', 'the desktop reads its pages from the disk');
  const { cityflow, service, sessions } = network;
  const page = await openWindow({ cityflow, address: 'about:blank', session: sessions.admin });
  const sizes = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/api/')) {
      sizes.set(
        pathname,
        response.body().then((body) => gzipSync(body).length),
      );
    }
  });
  await page.goto(service.origin);
  await expect(page.locator('#view h1')).toHaveText('Overview');
  await expect(page.getByRole('contentinfo')).toContainText('13 / 13');
  await page.waitForLoadState('networkidle');
  const fetched = await Promise.all(
    [...sizes].map(async ([pathname, size]) => ({ pathname, bytes: await size })),
  );
  const total = fetched.reduce((sum, { bytes }) => sum + bytes, 0);
  info.annotations.push({ type: 'bytes', description: String(total) });
  expect(fetched.map(({ pathname }) => pathname)).toContain('/');
  expect(total, fetched.map(({ pathname, bytes }) => `${bytes} ${pathname}`).join('\n')).toBeLessThan(
    MOST_BYTES,
  );
});
