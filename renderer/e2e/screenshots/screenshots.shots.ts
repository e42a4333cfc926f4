import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { CityNetwork } from '../harness/city-network';
import type { ConsolePage, Theme } from '../harness/console-page';
import { root } from '../harness/shells';
import { expect, test } from '../harness/test';
import { TransactionsPage } from '../harness/transactions-page';
import { PEER, places } from '../views';
import type { Place } from '../views';

/** `npm run screenshots -- FOLDER` */
const folder = path.resolve(root, process.env['CITYFLOW_SCREENSHOTS'] ?? 'screenshots');

const themes: readonly Theme[] = ['light', 'dark'];
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

interface Shot extends Place {
  /** What is done there before the picture is taken. */
  readonly prepare?: (city: ConsolePage) => Promise<void>;
}

const dialogs: readonly Shot[] = [
  { name: 'palette', address: '/', prepare: ({ page }) => page.keyboard.press('ControlOrMeta+k') },
  { name: 'keys', address: '/', prepare: ({ page }) => page.keyboard.press('?') },
  { name: 'node-stop', address: `/network?node=${PEER}&ask=stop` },
  { name: 'task', address: '/tasks', prepare: ({ page }) => page.locator('tbody tr').first().click() },
  { name: 'transactions-committed', address: '/', prepare: (city) => registerSpot(city, 'ParkingOperator/operator') },
  { name: 'transactions-refused', address: '/', prepare: (city) => registerSpot(city, 'UserService/registrar') },
];

/** So that pages have something to show: the main job twice, a peer that was away, and what was refused. */
test.beforeAll(async ({ network }) => {
  test.setTimeout(600_000);
  await mkdir(folder, { recursive: true });
  await makeTraffic(network);
});

for (const theme of themes) {
  for (const { width, height } of sizes) {
    test(`${theme}, ${width} × ${height}`, async ({ city }) => {
      test.setTimeout(900_000);
      const { page } = city;
      await page.setViewportSize({ width, height });
      await city.useTheme(theme);
      for (const { name, address, prepare } of [...places, ...dialogs] as readonly Shot[]) {
        await city.go(address);
        await prepare?.(city);
        await city.settled();
        await page.screenshot({ path: path.join(folder, `${name}-${width}x${height}-${theme}.png`) });
        await page.keyboard.press('Escape');
      }
    });
  }
}

async function makeTraffic({ cityflow }: CityNetwork): Promise<void> {
  await cityflow.json('demo');
  await cityflow.json('nodes', 'restart', PEER);
  await cityflow.json('demo');
}

let spots = 0;
async function registerSpot(city: ConsolePage, identity: string): Promise<void> {
  const transactions = new TransactionsPage(city);
  await transactions.actAs(identity);
  await transactions.submit({
    contract: 'parking',
    function: 'RegisterSpot',
    args: {
      'Spot id': `SPOT-${Date.now()}-${(spots += 1)}`,
      Zone: 'centre',
      Kind: 'street',
      'Hourly rate': '250',
    },
  });
  await expect(transactions.result).toContainText(/Committed, VALID|ACCESS_DENIED/, { timeout: 60_000 });
}
