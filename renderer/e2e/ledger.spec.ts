import { TransactionsPage } from './harness/transactions-page';
import { expect, test } from './harness/test';

/** Addresses hold what is looked at. */
const pathOf = (url: string) => new URL(url).hash.replace(/^#/, '').replace(/\?.*$/, '');

test('a fresh transaction is opened from its result, as a diff against what was there, and its link opens it again', async ({
  city,
}) => {
  const { page } = city;
  const transactions = new TransactionsPage(city);
  await city.go('/transactions');
  await transactions.actAs('ParkingOperator/operator');
  const spot = `SPOT-${Date.now().toString(36).toUpperCase()}`;
  const args = { 'Spot id': spot, Zone: 'ledger-zone', Kind: 'street', 'Hourly rate': '250' };
  await transactions.commit({ contract: 'parking', function: 'RegisterSpot', args });
  await page.getByRole('link', { name: 'See it in the ledger' }).click();

  const changes = page.getByRole('group', { name: 'Reads and writes' });
  await expect(changes).toContainText(`spot ${spot}`);
  await expect(changes).toContainText('read as absent');
  await expect(changes).toContainText('"hourlyRateCents": 250');
  await expect(changes).toContainText('SpotRegistered');
  await expect(page.getByText('VALID, code 0')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Signatures' })).toContainText('peer');
  await expect(page.getByRole('group', { name: 'Arguments' })).toContainText('ledger-zone');

  const link = page.url();
  await page.getByRole('radio', { name: 'JSON' }).click();
  await expect(changes).toContainText('"tx_id"');
  await page.getByRole('radio', { name: 'Hex' }).click();
  await expect(changes).toContainText('00000000');
  expect(page.url()).toContain('show=hex');
  await page.goBack();
  await page.goBack();
  await expect(changes).toContainText('read as absent');

  await page
    .getByRole('navigation', { name: 'In the ledger' })
    .getByRole('link', { name: /^Block/ })
    .click();
  await expect(city.heading).toHaveText(/^Block \d+$/);
  const table = page.getByRole('table', { name: /^Transactions of block/ });
  await table.getByRole('row').nth(1).focus();
  await page.keyboard.press('Enter');
  await expect(changes).toContainText(`spot ${spot}`);
  await page.goto(link);
  await page.reload();
  await expect(changes).toContainText(`spot ${spot}`);
  expect(pathOf(page.url())).toBe(pathOf(link));
});
