import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright/test';
import { ConsoleService } from '../harness/console-service';
import { processesUnread, processorSeconds, rendererProcesses, supervisorOf } from '../harness/processes';
import { measureSmoothness } from '../harness/frames';
import { expect, test } from '../harness/test';
import { TransactionsPage } from '../harness/transactions-page';
import { WireListener } from '../harness/wire-listener';
import { report, reportAll, reportSmoothness } from './figures';

const LINKS = 7;
const SWITCHES = 24;
const REST_SECONDS = 45;
const IDLE_SECONDS = 60;
const SUBMITS = 1_000;

test('from the link to a console that answers', async ({ network, openWindow }, info) => {
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < LINKS; round += 1) {
    const service = await ConsoleService.start(network.cityflow, '--no-network', '--port', '0');
    const page = await openWindow({ cityflow: network.cityflow, address: 'about:blank' });
    const bodies: Promise<number>[] = [];
    page.on('response', (response) => {
      if (!new URL(response.url()).pathname.startsWith('/api/')) {
        bodies.push(response.body().then((body) => gzipSync(body).length));
      }
    });
    await page.goto(service.link, { waitUntil: 'commit' });
    await expect(page.getByRole('contentinfo')).toContainText('13 / 13');
    times.push(await page.evaluate(interactiveMs));
    bytes = (await Promise.all(bodies)).reduce((sum, one) => sum + one, 0);
    await page.close();
    await service.close();
  }
  reportAll(info, { name: 'link to interactive', unit: 'ms', limit: 1_500 }, times);
  report(info, { name: 'first route, gzip, fonts included', value: bytes / 1024, unit: 'KB', limit: 350 });
});

/**
 * Since the link was opened, until the view shows the network and takes a key at once: two frames after the status is
 * there. Called as soon as it is there.
 */
async function interactiveMs(): Promise<number> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  return performance.now();
}

test('switching the identity', async ({ city }, info) => {
  const { page } = city;
  await page.getByRole('button', { name: /^Acting as/ }).click();
  const identities = await page.getByRole('menuitemradio').count();
  await page.keyboard.press('Escape');
  const times: number[] = [];
  for (let round = 0; round < SWITCHES; round += 1) {
    await page.getByRole('button', { name: /^Acting as/ }).click();
    const entry = page.getByRole('menuitemradio').nth(round % identities);
    if ((await entry.getAttribute('aria-checked')) === 'true') {
      await page.keyboard.press('Escape');
      continue;
    }
    await watchSwitch(page);
    await entry.click();
    times.push(await switchMs(page));
  }
  reportAll(info, { name: 'identity switch', unit: 'ms', limit: 200 }, times);
});

/** From the press that chooses to the frame in which the header shows whom. */
async function watchSwitch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const header = document.querySelector('header.top');
    if (!header) throw new Error('there is no header');
    const shown = header.querySelector('.who')?.textContent;
    const done = new Promise<number>((resolve) => {
      let pressed = Number.NaN;
      document.addEventListener('pointerdown', ({ timeStamp }) => (pressed = timeStamp), {
        capture: true,
        once: true,
      });
      const observer = new MutationObserver(() => {
        if (header.querySelector('.who')?.textContent === shown) return;
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - pressed));
      });
      observer.observe(header, { subtree: true, childList: true, characterData: true });
    });
    Object.assign(window, { identitySwitched: done });
  });
}

const switchMs = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { identitySwitched: Promise<number> }).identitySwitched);

test('an idle console', async ({ city, network }, info) => {
  info.skip(processesUnread !== undefined, processesUnread ?? '');
  test.setTimeout((REST_SECONDS + IDLE_SECONDS) * 1_000 + 120_000);
  const browser = city.page.context().browser();
  if (!browser) throw new Error('the page has no browser');
  await city.settled();
  const supervisor = await supervisorOf(network.cityflow.folder);
  // What opening a page leaves to be done – compiling, collecting garbage – is done.
  await delay(REST_SECONDS * 1_000);
  const groups = {
    'page processes': await rendererProcesses(browser),
    service: [network.service.pid],
    supervisor: [supervisor],
  };
  const spent = (processes: readonly number[]) =>
    Promise.all(processes.map(processorSeconds)).then((all) => all.reduce((sum, one) => sum + one, 0));
  const before = await Promise.all(Object.values(groups).map(spent));
  const started = performance.now();
  await delay(IDLE_SECONDS * 1_000);
  const after = await Promise.all(Object.values(groups).map(spent));
  const seconds = (performance.now() - started) / 1_000;
  const shares = after.map((value, index) => (100 * (value - (before[index] ?? 0))) / seconds);
  for (const [index, name] of Object.keys(groups).entries()) {
    report(info, { name: `idle, ${name}, of a core`, value: shares[index] ?? Number.NaN, unit: '%' });
  }
  const all = shares.reduce((sum, share) => sum + share, 0);
  report(info, { name: 'idle, all of the console, of a core', value: all, unit: '%', limit: 3 });
});

test('a thousand submits through the window', async ({ city, network }, info) => {
  test.setTimeout(1_800_000);
  const { page } = city;
  const wire = new WireListener(page);
  await page.reload();
  const transactions = new TransactionsPage(city);
  await transactions.actAs('ParkingOperator/operator');
  const run = Date.now().toString(36);
  const id = (index: number) => `BENCH-${run}-${index}`;
  await transactions.fill({
    contract: 'parking',
    function: 'RegisterSpot',
    args: { 'Spot id': id(0), Zone: 'centre', Kind: 'street', 'Hourly rate': '250' },
  });
  const started = performance.now();
  const smoothness = await measureSmoothness(page, async () => {
    for (let index = 0; index < SUBMITS; index += 1) {
      await transactions.field('Spot id').fill(id(index));
      await page.keyboard.press('ControlOrMeta+Shift+Enter');
    }
    await expect(page.getByRole('contentinfo')).toContainText('No task running', { timeout: 600_000 });
  });
  expect(wire.called.filter((name) => name === 'transaction.run')).toHaveLength(SUBMITS);
  expect(wire.refused).toEqual([]);
  const spots = ['--as', 'ParkingOperator/operator', '--channel', 'parking-channel', '--contract', 'parking'];
  for (const index of [0, SUBMITS / 2, SUBMITS - 1]) {
    const found = await network.cityflow.json('query', ...spots, 'GetSpot', id(index));
    expect(found).toMatchObject({ result: { spotId: id(index) } });
  }
  report(info, {
    name: `${SUBMITS} submits, seconds`,
    value: (performance.now() - started) / 1_000,
    unit: '',
  });
  reportSmoothness(info, `${SUBMITS} submits`, smoothness);
});
