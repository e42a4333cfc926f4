import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Download, Page } from 'playwright/test';
import { STREAM_PATH } from '../../electron/api/browser-service';
import { expect, test } from './harness/test';
import { logsOf, ORDERER, PEER } from './views';

test.beforeEach(({ shell }, info) => {
  info.skip(shell === 'desktop', 'the desktop’s downloads end in a dialog of the system');
});

/** What the page hands to the browser when the button is pressed. */
async function saved(page: Page, button: string | RegExp): Promise<{ name: string; text: string }> {
  const [download]: [Download, void] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

const FILE_TIME = String.raw`\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\dZ\.log$`;

const COLOURS = /\u001b\[[\d;]*m/g;

test('a log is saved whole, as its node wrote it', async ({ city, network }) => {
  await city.go(`/network/${ORDERER}?tab=logs`);
  const { name, text } = await saved(city.page, 'Download the whole log');
  expect(name).toMatch(new RegExp(`^${ORDERER} ${FILE_TIME}`));
  const lines = text.split('\n');
  expect(lines.length).toBeGreaterThan(20);
  const written = await readFile(path.join(network.cityflow.folder, 'logs', `${ORDERER}.log`), 'utf8');
  // A genuine node writes in colours, which are not kept.
  expect(
    written
      .replaceAll(COLOURS, '')
      .split('\n')
      .slice(0, lines.length - 1),
  ).toEqual(lines.slice(0, -1));
  await expect(city.page.getByText(new RegExp(`${ORDERER} wrote was saved: [\\d,]+ lines`))).toBeVisible();
});

test('logs merged by time are saved as one, each line with its node', async ({ city }) => {
  await city.go(`${logsOf([PEER, ORDERER])}&layout=merged`);
  const { name, text } = await saved(city.page, 'Download the whole logs, merged');
  expect(name).toMatch(new RegExp(`^2 nodes ${FILE_TIME}`));
  const lines = text.trimEnd().split('\n');
  const timed = lines.flatMap((line) => {
    const [, node = '', time = ''] = /^(\S+) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+)/.exec(line) ?? [];
    return time === '' ? [] : [{ node, time }];
  });
  expect(timed.length).toBeGreaterThan(40);
  // A genuine node's own lines may be out of order by milliseconds, and stay as it wrote them.
  const newest = new Map<string, string>();
  const times = timed.map(({ node, time }) => {
    const before = newest.get(node) ?? '';
    newest.set(node, time > before ? time : before);
    return newest.get(node);
  });
  expect(new Set(lines.map((line) => line.split(' ')[0]))).toEqual(new Set([PEER, ORDERER]));
  expect(times).toEqual(times.toSorted());
});

test('a chart is saved as CSV, with the values it draws', async ({ city, network }) => {
  const { channels } = await network.cityflow.json<{ channels: { name: string; height: string }[] }>(
    'status',
  );
  await city.go('/metrics?tab=peers&minutes=5');
  await expect(city.page.getByRole('slider', { name: 'Time in Ledger height' })).toBeVisible();
  const { name, text } = await saved(city.page, 'Ledger height as CSV file');
  expect(name).toMatch(/^metrics-height-\d{8}T\d{6}Z-\d{8}T\d{6}Z\.csv$/);
  const [head = '', ...rows] = text.trimEnd().split('\r\n');
  expect(head).toMatch(/^time,"Ledger height \(blocks/);
  for (const { name: channel } of channels) expect(head).toContain(channel.replace('-channel', ''));
  const cells = rows.map((row) => row.split(','));
  for (const [time = ''] of cells) expect(new Date(time).toISOString()).toBe(time);
  const newest = cells.findLast((row) => row.slice(1).every((value) => value !== ''));
  expect(newest?.slice(1).map(Number).toSorted()).toEqual(
    channels.map(({ height }) => Number(height)).toSorted(),
  );
});

/** The shortest time the page offers, and what it is made into on the wire. */
const OFFERED_SECONDS = 300;
const RETURNS_AFTER_SECONDS = 4;

test('a node’s log level is set from its page, and returns by itself', async ({ city, network }) => {
  const { page } = city;
  await page.routeWebSocket(new RegExp(`${STREAM_PATH}$`), (socket) => {
    const service = socket.connectToServer();
    socket.onMessage((message) =>
      service.send(
        typeof message === 'string'
          ? message.replace(
              `"returnAfterSeconds":${OFFERED_SECONDS}`,
              `"returnAfterSeconds":${RETURNS_AFTER_SECONDS}`,
            )
          : message,
      ),
    );
  });
  await page.reload();
  await city.go(`/network/${PEER}?tab=logs`);
  const level = page.getByRole('button', { name: /^Level / });
  await expect(level).toHaveText('Level info');
  expect(await levelOf(network.cityflow)).toBe('info');

  await level.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Gateway' }).click();
  await dialog.getByRole('button', { name: /Goes back by itself/ }).click();
  await page.getByRole('option', { name: 'after 5 minutes' }).click();
  await dialog.getByRole('button', { name: 'Set the level' }).click();
  await expect(dialog).toHaveCount(0);
  expect(await levelOf(network.cityflow)).toBe('gateway=debug:info');
  await expect(level).toContainText('gateway=debug:info');

  await expect.poll(() => levelOf(network.cityflow), { timeout: 20_000 }).toBe('info');
  await expect(level).toHaveText('Level info');
});

/** As the node itself answers. */
async function levelOf(cityflow: {
  json: <T>(...args: string[]) => Promise<T>;
}): Promise<string | undefined> {
  const { nodes } = await cityflow.json<{ nodes: { name: string; operations: string }[] }>('status');
  const operations = nodes.find(({ name }) => name === PEER)?.operations ?? '';
  const answer = await fetch(`http://${operations}/logspec`);
  return ((await answer.json()) as { spec?: string }).spec;
}
