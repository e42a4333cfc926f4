import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from './harness/test';
import { PEER, places } from './views';
import type { Place } from './views';

/** Of all views together: a second each where the machine has nothing else to do. */
const TIMEOUT_MS = 300_000;

/** What axe finds, one line each: rule, and the element it is about. */
async function violations(page: Page): Promise<string[]> {
  // The other mode opens a second page, which a desktop window has not.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help} – ${target.join(' ')} – ${failureSummary ?? ''}`,
    ),
  );
}

/** In front of any view. */
const overlays = [
  ['the palette', 'ControlOrMeta+k'],
  ['the list of keys', '?'],
] as const;

/** Dialogs that have an address. */
const dialogs: readonly Place[] = [
  { name: 'the question before a node is stopped', address: `/network?node=${PEER}&ask=stop` },
];

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in any view, ${theme}`, async ({ city }) => {
    test.setTimeout(TIMEOUT_MS);
    await city.useTheme(theme);
    for (const { name, address } of places) {
      await city.go(address);
      await city.settled();
      expect.soft(await violations(city.page), name).toEqual([]);
    }
  });

  test(`axe finds nothing in what opens in front, ${theme}`, async ({ city }) => {
    const { page } = city;
    const dialog = page.locator('[role=dialog], [role=alertdialog]');
    await city.useTheme(theme);
    for (const [name, keys] of overlays) {
      await page.keyboard.press(keys);
      await expect(dialog).toBeVisible();
      expect.soft(await violations(page), name).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    }
    for (const { name, address } of dialogs) {
      await city.go(address);
      await expect(dialog).toBeVisible();
      await expect(dialog.locator('[aria-busy=true]')).toHaveCount(0);
      expect.soft(await violations(page), name).toEqual([]);
    }
  });
}
