import { expect } from 'playwright/test';
import type { Locator, Page } from 'playwright/test';
import type { ConsolePage } from './console-page';

export interface Call {
  readonly contract: string;
  readonly function: string;
  /** By the label of its field; a choice by its words. */
  readonly args: Readonly<Record<string, string>>;
}

/** Running functions of contracts, as a user does it: identity in the header, form, Submit or Evaluate. */
export class TransactionsPage {
  readonly #page: Page;

  constructor(private readonly city: ConsolePage) {
    this.#page = city.page;
  }

  get #request(): Locator {
    return this.#page.getByRole('region', { name: 'Request' });
  }

  /** The field of an argument, with its label and hints. */
  #place(label: string): Locator {
    return this.#request.locator('.field').filter({ hasText: new RegExp(`^${label}`) });
  }

  field(label: string): Locator {
    return this.#place(label).getByRole('textbox');
  }

  /** @param identity `ParkingOperator/operator` */
  async actAs(identity: string): Promise<void> {
    const shown = identity.replace('/', ' / ');
    const switcher = this.#page.getByRole('button', { name: /^Acting as/ });
    await switcher.click();
    await this.#page.getByRole('menuitemradio', { name: shown }).click();
    await expect(switcher).toContainText(shown);
  }

  async fill({ contract, function: name, args }: Call): Promise<void> {
    await this.city.go(`/transactions?contract=${contract}&function=${name}`);
    await expect(this.#request.getByRole('heading', { name })).toBeVisible();
    for (const [label, value] of Object.entries(args)) {
      const choice = this.#place(label).getByRole('button');
      if ((await choice.count()) === 0) await this.field(label).fill(value);
      else {
        await choice.click();
        await this.#page.getByRole('option', { name: value, exact: true }).click();
      }
    }
  }

  async submit(call: Call): Promise<void> {
    await this.fill(call);
    await this.pressSubmit();
  }

  async evaluate(call: Call): Promise<void> {
    await this.fill(call);
    await this.pressEvaluate();
  }

  /** What is filled in already. */
  async pressSubmit(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Submit' }).click();
  }

  async pressEvaluate(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Evaluate' }).click();
  }

  /** What became of the last call. */
  get result(): Locator {
    return this.#page.locator('.result');
  }

  /** Submits, and waits until a block holds it as valid. */
  async commit(call: Call): Promise<void> {
    await this.submit(call);
    await expect(this.result).toContainText(call.function);
    await expect(this.result.getByText('Committed, VALID')).toBeVisible({ timeout: 60_000 });
    await expect(this.result).toContainText(Object.values(call.args)[0] ?? '');
  }
}
