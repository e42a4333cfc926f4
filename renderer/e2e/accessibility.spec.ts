import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from './harness/test';
import { places } from './views';

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

for (const theme of ['light', 'dark'] as const) {
  for (const { name, address } of places) {
    test(`axe finds nothing in ${name}, ${theme}`, async ({ city }) => {
      await city.useTheme(theme);
      await city.go(address);
      await city.settled();
      expect(await violations(city.page)).toEqual([]);
    });
  }

  for (const [name, keys] of [
    ['the palette', 'ControlOrMeta+k'],
    ['the list of keys', '?'],
  ] as const) {
    test(`axe finds nothing in ${name}, ${theme}`, async ({ city }) => {
      await city.useTheme(theme);
      await city.page.keyboard.press(keys);
      await expect(city.page.getByRole('dialog')).toBeVisible();
      expect(await violations(city.page)).toEqual([]);
    });
  }
}
