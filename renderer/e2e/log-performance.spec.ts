import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright/test';
import { expect, test } from './harness/test';

/**
 * A hundred thousand lines through the window: they come as fast as the service hands them on, are searched, filtered,
 * wrapped and scrolled through, and no frame takes longer than this.
 */
const LONGEST_FRAME_MS = 100;
const LINES = 100_000;
/** As fast as a node at debug that has gone mad: 100,000 lines in about ten seconds. */
const LINES_AT_ONCE = 2_000;
const EVERY_MS = 200;

test('a hundred thousand log lines pass without a dropped frame', async ({ city, network }) => {
  test.setTimeout(240_000);
  const { page } = city;
  const node = 'wallet.userservice.cityflow.com';
  const log = path.join(network.cityflow.folder, 'logs', `${node}.log`);
  await city.go(`/logs?nodes=${encodeURIComponent(JSON.stringify([node]))}`);
  const grid = page.getByRole('grid', { name: `Log of ${node}` });
  await expect(grid).toBeVisible({ timeout: 30_000 });
  const frames = await watchFrames(page);

  for (let first = 0; first < LINES; first += LINES_AT_ONCE) {
    await appendFile(log, linesFrom(first, LINES_AT_ONCE));
    await page.waitForTimeout(EVERY_MS);
  }
  await expect(grid.getByText(`line ${String(LINES - 1)} of`)).toBeVisible({ timeout: 60_000 });
  await frames.expectSmooth('following');
  // What is held is bounded, what is drawn even more so.
  const held = Number(await grid.getAttribute('aria-rowcount'));
  expect(held).toBeGreaterThan(90_000);
  expect(held).toBeLessThanOrEqual(101_000);
  expect(await grid.getByRole('row').count()).toBeLessThan(100);

  await page.getByRole('searchbox').fill('needle');
  await expect(page.getByText('matches', { exact: false }).first()).toBeVisible();
  await page.getByRole('searchbox').press('Enter');
  await page.getByRole('searchbox').press('Enter');
  await expect(page.locator('.log-row.current')).toBeVisible();
  await frames.expectSmooth('searching');

  await page.getByRole('button', { name: 'Only matches' }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', /^\d{1,4}$/);
  await page.getByRole('button', { name: 'Only matches' }).click();
  for (const level of ['Warnings', 'Errors', 'All levels']) {
    await page.getByRole('radio', { name: level }).click();
  }
  await expect(grid).toHaveAttribute('aria-rowcount', String(held));
  await frames.expectSmooth('filtering');

  for (const wrapped of [false, true]) {
    if (wrapped) await page.getByRole('button', { name: 'Wrap' }).click();
    await grid.hover();
    for (let step = 0; step < 60; step++) {
      await page.mouse.wheel(0, step % 2 === 0 ? -40_000 : 15_000);
      await page.waitForTimeout(16);
    }
    await frames.expectSmooth(wrapped ? 'scrolling wrapped lines' : 'scrolling');
  }
});

function linesFrom(first: number, count: number): string {
  let text = '';
  for (let index = first; index < first + count; index++) {
    const time = new Date(Date.UTC(2026, 10, 22, 8) + index)
      .toISOString()
      .replace('T', ' ')
      .replace('Z', ' UTC');
    const level = index % 997 === 0 ? 'ERRO' : index % 101 === 0 ? 'WARN' : 'INFO';
    const word = index % 500 === 0 ? 'needle' : 'straw';
    const id = index.toString(16).padStart(8, '0');
    text += `${time} ${id.slice(-4)} ${level} [endorser.loud] callChaincode -> line ${String(index)} of many, ${word}: finished chaincode: parking duration: 3ms channel=parking-channel txID=${id}\n`;
  }
  return text;
}

interface Frames {
  /** Fails where a frame since the last call took too long. */
  expectSmooth(phase: string): Promise<void>;
}

async function watchFrames(page: Page): Promise<Frames> {
  await page.evaluate(() => {
    const worst = { ms: 0 };
    let last = performance.now();
    const frame = (now: number) => {
      worst.ms = Math.max(worst.ms, now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { worstFrame: worst });
  });
  return {
    async expectSmooth(phase) {
      const worst = await page.evaluate(() => {
        const { worstFrame } = window as unknown as { worstFrame: { ms: number } };
        const { ms } = worstFrame;
        worstFrame.ms = 0;
        return ms;
      });
      test
        .info()
        .annotations.push({ type: 'longest frame', description: `${phase}: ${worst.toFixed(0)} ms` });
      expect.soft(worst, `longest frame while ${phase}`).toBeLessThan(LONGEST_FRAME_MS);
    },
  };
}
