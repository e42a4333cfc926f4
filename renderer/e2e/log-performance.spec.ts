import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { expectSmooth } from './harness/frames';
import { expect, test } from './harness/test';

/** As fast as a node at debug that has gone mad: a hundred thousand lines in about ten seconds. */
const LINES = 100_000;
const LINES_AT_ONCE = 2_000;
const EVERY_MS = 200;
/** Written into a contract's log, which is quiet otherwise. */
const NODE = 'wallet.userservice.cityflow.com';

test('a hundred thousand log lines pass without a dropped frame', async ({ city, network }) => {
  test.setTimeout(300_000);
  const { page } = city;
  const log = path.join(network.cityflow.folder, 'logs', `${NODE}.log`);
  await city.go(`/logs?nodes=${encodeURIComponent(JSON.stringify([NODE]))}`);
  const grid = page.getByRole('grid', { name: `Log of ${NODE}` });
  await expect(grid).toBeVisible({ timeout: 30_000 });

  await expectSmooth(page, 'following', async () => {
    for (let first = 0; first < LINES; first += LINES_AT_ONCE) {
      await appendFile(log, linesFrom(first, LINES_AT_ONCE));
      await page.waitForTimeout(EVERY_MS);
    }
    await expect(grid.getByText(`line ${String(LINES - 1)} of`)).toBeVisible({ timeout: 120_000 });
  });
  // What is held is bounded, what is drawn even more so.
  const held = Number(await grid.getAttribute('aria-rowcount'));
  expect(held).toBeGreaterThan(90_000);
  expect(held).toBeLessThanOrEqual(101_000);
  expect(await grid.getByRole('row').count()).toBeLessThan(100);

  await expectSmooth(page, 'searching', async () => {
    await page.getByRole('searchbox').fill('needle');
    await expect(page.getByText(/^[\d,]+ matches$/)).toBeVisible();
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('searchbox').press('Enter');
    await expect(page.locator('.log-row.current')).toBeVisible();
  });

  await expectSmooth(page, 'filtering', async () => {
    await page.getByRole('button', { name: 'Only matches' }).click();
    await expect(grid).toHaveAttribute('aria-rowcount', /^\d{1,4}$/);
    await page.getByRole('button', { name: 'Only matches' }).click();
    for (const level of ['Warnings', 'Errors', 'All levels']) {
      await page.getByRole('radio', { name: level }).click();
    }
    await expect(grid).toHaveAttribute('aria-rowcount', String(held));
  });

  const scroll = async () => {
    await grid.hover();
    for (let step = 0; step < 60; step++) await page.mouse.wheel(0, step % 2 === 0 ? -40_000 : 15_000);
  };
  await expectSmooth(page, 'scrolling', scroll);
  await page.getByRole('button', { name: 'Wrap' }).click();
  await expectSmooth(page, 'scrolling wrapped lines', scroll);
});

function linesFrom(first: number, count: number): string {
  let text = '';
  for (let index = first; index < first + count; index++) {
    const time = new Date(Date.now() + index).toISOString().replace('T', ' ').replace('Z', ' UTC');
    const level = index % 997 === 0 ? 'ERRO' : index % 101 === 0 ? 'WARN' : 'INFO';
    const word = index % 500 === 0 ? 'needle' : 'straw';
    const id = index.toString(16).padStart(8, '0');
    text += `${time} ${id.slice(-4)} ${level} [endorser.loud] callChaincode -> line ${String(index)} of many, ${word}: finished chaincode: parking duration: 3ms channel=parking-channel txID=${id}\n`;
  }
  return text;
}
