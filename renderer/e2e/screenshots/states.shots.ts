import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { transactionResultSchema } from '../../../electron/api/models';
import { CommandLine } from '../../../electron/cli/testing/command-line';
import { ConsolePage } from '../harness/console-page';
import { ConsoleService } from '../harness/console-service';
import { expect, test } from '../harness/test';
import { TransactionsPage } from '../harness/transactions-page';
import type { Call } from '../harness/transactions-page';
import { ORDERER } from '../views';
import { takePictures } from './pictures';

const TIMEOUT_MS = 600_000;

/** Short, and not there yet where the network is kept. */
let spots = Date.now() % 100_000;
const registerSpot = (): Call => ({
  contract: 'parking',
  function: 'RegisterSpot',
  args: {
    'Spot id': `SPOT-${(spots += 1)}`,
    Zone: 'centre',
    Kind: 'street',
    'Hourly rate': '250',
  },
});

const nodes = z.object({ nodes: z.array(z.object({ name: z.string(), pid: z.int().nullable() })) });

test('a transaction, from its form to its end', async ({ city, network: { cityflow } }) => {
  test.setTimeout(TIMEOUT_MS);
  const { page } = city;
  const transactions = new TransactionsPage(city);
  await transactions.actAs('ParkingOperator/operator');
  await transactions.fill(registerSpot());
  await takePictures(city, 'transactions-filled');

  const status = nodes.parse(await cityflow.json('status'));
  const orderer = status.nodes.find(({ name }) => name === ORDERER)?.pid;
  if (!orderer) throw new Error(`${ORDERER} does not run`);
  process.kill(orderer, 'SIGSTOP');
  try {
    await transactions.pressSubmit();
    await expect(transactions.result).toContainText('Order');
    await takePictures(city, 'transactions-running');
  } finally {
    process.kill(orderer, 'SIGCONT');
  }
  await expect(transactions.result).toContainText('Committed, VALID', { timeout: 60_000 });
  const spot = registerSpot();
  await transactions.commit(spot);
  await takePictures(city, 'transactions-committed');

  const { 'Spot id': id = '' } = spot.args;
  await transactions.evaluate({ contract: 'parking', function: 'GetSpot', args: { 'Spot id': id } });
  await expect(transactions.result).toContainText('Asked through the gateway of');
  await takePictures(city, 'transactions-evaluated');

  await transactions.actAs('UserService/registrar');
  await transactions.submit(registerSpot());
  await expect(transactions.result).toContainText('needs ParkingOperatorMSP with role operator');
  await page.getByRole('button', { name: 'Run as each' }).click();
  await expect(page.getByRole('table', { name: 'Answers by organization' })).toBeVisible();
  await expect(page.getByText('asking', { exact: true })).toHaveCount(0);
  await takePictures(city, 'transactions-refused');

  const { transactionId } = transactionResultSchema.parse(
    await cityflow.json(
      'submit',
      ...['--as', 'ParkingOperator/operator', '--channel', 'parking-channel', '--contract', 'parking'],
      ...['RegisterSpot', `SPOT-${(spots += 1)}`, 'centre', 'street', '250'],
    ),
  );
  await city.go(`/logs?transaction=${transactionId}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await takePictures(city, 'logs-transaction');

  await city.go('/transactions?view=history');
  await page.locator('#view tbody tr').first().click();
  await takePictures(city, 'transactions-record');
  await city.go('/tasks');
  await page.locator('#view tbody tr').first().click();
  await takePictures(city, 'task');
});

test('an identity that cannot be imported, and one that can', async ({ city, network: { cityflow } }) => {
  const { page } = city;
  const users = path.join(
    cityflow.folder,
    'organizations/peerOrganizations/parkingoperator.cityflow.com/users',
  );
  const of = (user: string, file: string) =>
    readFile(path.join(users, `${user}@parkingoperator.cityflow.com`, 'msp', file), 'utf8');
  const certificate = await of('operator', 'signcerts/operator@parkingoperator.cityflow.com-cert.pem');
  await city.go('/identities?form=import');
  const found = page.getByRole('region', { name: 'What was found' });
  await page.getByRole('textbox', { name: /^Certificate/ }).fill(certificate);
  await page.getByRole('textbox', { name: /^Private key/ }).fill(await of('User1', 'keystore/priv_sk'));
  await expect(found.getByRole('heading', { name: /wrong/ })).toBeVisible();
  await takePictures(city, 'identities-import-refused');
  await page.getByRole('textbox', { name: /^Private key/ }).fill(await of('operator', 'keystore/priv_sk'));
  await page.getByRole('textbox', { name: 'Name here' }).fill('night-shift');
  await expect(found.getByRole('heading', { name: /can be imported/ })).toBeVisible();
  await takePictures(city, 'identities-import-ready');
});

test.describe('who may only look', () => {
  test.use({ sessionRole: 'viewer' });
  test('as a viewer', async ({ city }) => {
    test.setTimeout(TIMEOUT_MS);
    for (const [name, address] of [
      ['viewer-network', `/network?node=${ORDERER}`],
      ['viewer-transactions', '/transactions?contract=parking&function=RegisterSpot'],
      ['viewer-identities', '/identities'],
    ] as const) {
      await city.go(address);
      await takePictures(city, name);
    }
  });
});

test('a first run, from nothing to the overview', async ({ openWindow }) => {
  test.setTimeout(TIMEOUT_MS);
  const cityflow = await CommandLine.create();
  const service = await ConsoleService.start(cityflow, '--no-network');
  try {
    const nobody = new ConsolePage(await openWindow({ cityflow, address: service.origin }));
    await expect(nobody.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await takePictures(nobody, 'sign-in');

    const city = new ConsolePage(await openWindow({ cityflow, address: service.link }));
    const { page } = city;
    await expect(city.heading).toHaveText('Connect');
    await takePictures(city, 'first-run');
    await page
      .getByRole('row', { name: /Embedded/ })
      .getByRole('button', { name: /Start/ })
      .click();
    await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
    await takePictures(city, 'first-run-starting');
    await expect(city.heading).toHaveText('Overview', { timeout: 120_000 });
    await takePictures(city, 'first-run-overview');
  } finally {
    await service.close();
    await cityflow.close();
  }
});
