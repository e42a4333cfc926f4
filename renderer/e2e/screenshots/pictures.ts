import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright/test';
import type { ConsolePage, Theme } from '../harness/console-page';
import { root } from '../harness/shells';

/** `npm run screenshots -- FOLDER` */
const folder = path.resolve(root, process.env['CITYFLOW_SCREENSHOTS'] ?? 'screenshots');

const themes: readonly Theme[] = ['light', 'dark'];
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

/** Ages tick and figures come in: after so many looks what is there is taken. */
const LOOKS = 8;
const BETWEEN_MS = 150;

/** What the page shows now, in every size and theme: `NAME-1280x800-dark.png`. */
export async function takePictures(city: ConsolePage, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const size of sizes) {
    await city.page.setViewportSize(size);
    for (const theme of themes) {
      await city.useTheme(theme);
      await city.settled();
      const file = path.join(folder, `${name}-${size.width}x${size.height}-${theme}.png`);
      await writeFile(file, await atRest(city.page));
    }
  }
}

/** Drawn to the end: two looks in a row are the same. */
async function atRest(page: Page): Promise<Buffer> {
  let before = await page.screenshot();
  for (let look = 1; look < LOOKS; look += 1) {
    await page.waitForTimeout(BETWEEN_MS);
    const now = await page.screenshot();
    if (now.equals(before)) return now;
    before = now;
  }
  return before;
}
