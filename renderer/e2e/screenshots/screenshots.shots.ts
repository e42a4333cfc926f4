import type { ConsolePage } from '../harness/console-page';
import type { CityNetwork } from '../harness/city-network';
import { expect, test } from '../harness/test';
import { PEER, places } from '../views';
import { takePictures } from './pictures';

const TIMEOUT_MS = 900_000;

/** So that pages have something to show: the main job twice, a peer that was away, and what was refused. */
test.beforeAll(async ({ network }) => {
  test.setTimeout(TIMEOUT_MS);
  await makeTraffic(network);
});

test('every view', async ({ city }) => {
  test.setTimeout(TIMEOUT_MS);
  for (const { name, address } of places) {
    await city.go(address);
    await takePictures(city, name);
    await city.page.keyboard.press('Escape');
  }
});

/** What opens in front of a view. */
const overlays: readonly (readonly [name: string, address: string, open?: (city: ConsolePage) => Promise<void>])[] =
  [
    ['palette', '/', ({ page }) => page.keyboard.press('ControlOrMeta+k')],
    ['keys', '/', ({ page }) => page.keyboard.press('?')],
    ['node-stop', `/network?node=${PEER}&ask=stop`],
    ['acting-identity', '/', ({ page }) => page.getByRole('button', { name: /^Acting as/ }).click()],
    [
      'log-level',
      `/network/${PEER}?tab=logs`,
      ({ page }) => page.getByRole('button', { name: /^Level / }).click(),
    ],
  ];

test('what opens in front', async ({ city }) => {
  test.setTimeout(TIMEOUT_MS);
  for (const [name, address, open] of overlays) {
    await city.go(address);
    await city.settled();
    await open?.(city);
    await expect(city.page.locator('[role=dialog], [role=alertdialog], [role=menu]').first()).toBeVisible();
    await takePictures(city, name);
    await city.page.keyboard.press('Escape');
  }
});

test('a peer that is stopped', async ({ city, network: { cityflow } }) => {
  test.setTimeout(TIMEOUT_MS);
  await cityflow.json('nodes', 'stop', PEER);
  try {
    await city.go('/');
    await expect(city.page.getByRole('link', { name: /is stopped/ }).first()).toBeVisible();
    for (const [name, address] of [
      ['overview-peer-stopped', '/'],
      ['network-peer-stopped', `/network?node=${PEER}`],
      ['node-stopped', `/network/${PEER}`],
      ['channels-peer-stopped', `/channels?channel=parking-channel&peer=${PEER}`],
      ['doctor-peer-stopped', '/connect?doctor=true'],
    ] as const) {
      await city.go(address);
      await takePictures(city, name);
    }
  } finally {
    await cityflow.json('nodes', 'start', PEER);
  }
});

async function makeTraffic({ cityflow }: CityNetwork): Promise<void> {
  await cityflow.json('demo');
  await cityflow.json('nodes', 'restart', PEER);
  await cityflow.json('demo');
}
