import { expect } from 'playwright/test';
import type { Locator, Page } from 'playwright/test';

export type Theme = 'light' | 'dark';

/** What every spec does with the page, in the words of its users. */
export class ConsolePage {
  /** Errors the page reported on its own: exceptions, and what its content security policy refused. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${message.text()} (${message.location().url})`);
    });
  }

  get heading(): Locator {
    return this.page.locator('#view h1');
  }

  /** An address within the console: `/channels?tab=policies`. Waits for the view's heading, not for its data. */
  async go(address: string): Promise<void> {
    await this.page.evaluate(async (hash) => {
      window.location.hash = hash;
      // The router hears of it after this task, and what it draws is there in the second frame.
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    }, `#${address}`);
    await expect(this.page.locator('#view')).toHaveAttribute('aria-busy', 'false');
    await expect(this.heading).toBeVisible();
  }

  /** As the user chose it, whatever the system prefers. */
  async useTheme(theme: Theme): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await expect(this.page.locator('html')).toHaveAttribute('data-theme', theme);
  }

  /** Nothing is still waited for: no skeleton, no heading without data. */
  async settled(): Promise<void> {
    await expect(this.page.locator('#view [aria-busy=true]')).toHaveCount(0);
  }
}
