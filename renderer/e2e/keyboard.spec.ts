import type { Page } from 'playwright/test';
import { views } from '../views';
import { expect, test } from './harness/test';
import { places } from './views';
import { missedBy, walkByTab } from './harness/tab-walk';

const mod = 'ControlOrMeta';

/** Of all views together: two seconds each where the machine has nothing else to do. */
const TIMEOUT_MS = 300_000;

/** The address within the console, without what is chosen there. */
const pathOf = (page: Page) => new URL(page.url()).hash.replace(/^#/, '').replace(/\?.*$/, '') || '/';

test('g and a letter opens each view, and the focus goes to its heading', async ({ city }) => {
  const { page } = city;
  // The view one is in is not entered again: the last comes first.
  for (const { key, path, title } of [...views.slice(1), ...views.slice(0, 1)]) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect.poll(() => pathOf(page)).toBe(path);
    await expect(city.heading).toBeFocused();
    await expect(page).toHaveTitle(new RegExp(`^${title}`));
  }
});

test('the palette goes to views by name, and gives the focus back where nothing was chosen', async ({
  city,
}) => {
  const { page } = city;
  for (const { path, title } of [...views.slice(1), ...views.slice(0, 1)]) {
    await page.keyboard.press(`${mod}+k`);
    await expect(page.getByRole('combobox', { name: 'Find or do' })).toBeFocused();
    await page.keyboard.type(`go to ${title}`);
    await page.keyboard.press('Enter');
    await expect.poll(() => pathOf(page)).toBe(path);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(city.heading).toBeFocused();
  }
  const origin = page.getByRole('navigation', { name: 'Views' }).getByRole('link').first();
  await origin.focus();
  await page.keyboard.press(`${mod}+k`);
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(origin).toBeFocused();
});

test('? lists the keys of all views, Esc closes the list', async ({ city }) => {
  const { page } = city;
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keys' });
  for (const { key, title } of views) {
    const does = list.locator('dl > div').filter({ hasText: `Go to ${title}` });
    await expect(does).toContainText(`g then ${key}`);
  }
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await expect(city.heading).toBeFocused();
});

test('what comes first skips to the view', async ({ city }) => {
  const { page } = city;
  const first = page.locator('a[href], button, input, [tabindex="0"]').first();
  await first.focus();
  await expect(first).toHaveText('Skip to the view');
  await expect(first).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(city.heading).toBeFocused();
});

test('all that can be used in a view is reached by the Tab key and shows the focus', async ({ city }) => {
  test.setTimeout(TIMEOUT_MS);
  for (const { name, address } of places.filter(({ modal }) => !modal)) {
    await city.go(address);
    await city.settled();
    await city.heading.focus();
    const walked = await walkByTab(city.page);
    expect.soft(walked.unseen, `${name}: have the focus without showing it`).toEqual([]);
    expect.soft(await missedBy(city.page, walked), `${name}: are never reached`).toEqual([]);
  }
});
