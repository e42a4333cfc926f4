import type { ChangeTopology } from '../../electron/cli/testing/command-line';
import { ConsolePage } from './harness/console-page';
import { ConsoleService } from './harness/console-service';
import { expect, test } from './harness/test';
import { TransactionsPage } from './harness/transactions-page';
import type { Call } from './harness/transactions-page';
import { ORDERER } from './views';

const PEER0 = 'peer0.parkingoperator.cityflow.com';
const PEER1 = 'peer1.parkingoperator.cityflow.com';
const OPERATOR = 'ParkingOperator/operator';
const REGISTRAR = 'UserService/registrar';

/** Of a node's going to its being shown. */
const SHOWN_MS = 3_000;
/** More blocks than a peer may lack without being shown as catching up. */
const MISSED_BLOCKS = 12;

const spot = (id: string): Call => ({
  contract: 'parking',
  function: 'RegisterSpot',
  args: { 'Spot id': id, Zone: 'centre', Kind: 'street', 'Hourly rate': '250' },
});

/** The chart of the peers' heights, as a table. */
const HEIGHTS = `/metrics?tab=peers&refresh=5&tables=${encodeURIComponent('["height"]')}`;

/** Blocks after a fifth of the time, so that a peer that is away misses many of them soon. */
const quickBlocks: ChangeTopology = (topology) => ({
  ...topology,
  ordering: { ...topology.ordering, batchTimeout: '400ms' },
});

const ROW = { embedded: /Embedded/, docker: /Docker/ } as const;

test('from a first start to a peer that went and came back', async ({
  shell,
  runtime,
  newNetwork,
  openWindow,
}) => {
  test.setTimeout(900_000);
  const cityflow = await newNetwork(quickBlocks);
  const service = shell === 'browser' ? await ConsoleService.start(cityflow, '--no-network') : undefined;
  try {
    const city = new ConsolePage(await openWindow({ cityflow, address: service?.link ?? '' }));
    const { page } = city;
    const transactions = new TransactionsPage(city);

    await test.step('first run: the network is started from the console and becomes ready', async () => {
      await expect(city.heading).toHaveText('Connect');
      await page.getByRole('row', { name: ROW[runtime] }).getByRole('button', { name: /Start/ }).click();
      await expect(page.getByText(`${cityflow.network} is running`).first()).toBeVisible({
        timeout: 120_000,
      });
      await city.go('/');
      await expect(page.getByRole('contentinfo')).toContainText('Nodes 13 / 13 up', { timeout: 30_000 });
    });

    await test.step('the matrix shows all 26 memberships', async () => {
      await city.go('/channels');
      await expect(page.getByText('26 of 26 joins')).toBeVisible({ timeout: 20_000 });
      await expect(page.locator('table.matrix').getByText('declared, joined,')).toHaveCount(26);
    });

    const before = await test.step('metrics draw the heights', async () => {
      await city.go(HEIGHTS);
      return newestHeights(city);
    });

    await test.step('the parking operator registers a spot; the registrar is refused in the contract’s words', async () => {
      await transactions.actAs(OPERATOR);
      await transactions.commit(spot('SPOT-1'));
      await transactions.actAs(REGISTRAR);
      await transactions.submit(spot('SPOT-2'));
      await expect(transactions.result).toContainText(
        'RegisterSpot needs ParkingOperatorMSP with role operator; caller is UserServiceMSP with role registrar',
      );
    });

    await test.step('a function of each of the other three contracts is run', async () => {
      await transactions.commit({
        contract: 'user',
        function: 'RegisterUser',
        args: { 'User id': 'ada', 'Display name': 'Ada Driver', Role: 'driver' },
      });
      await transactions.commit({ contract: 'wallet', function: 'OpenWallet', args: { 'User id': 'ada' } });
      await transactions.actAs('ChargingStation/operator');
      await transactions.commit({
        contract: 'charging',
        function: 'RegisterStation',
        args: { 'Station id': 'ST-1', Zone: 'centre', Connectors: '2', Power: '22', 'Cents per': '45' },
      });
    });

    await test.step('a peer that is stopped is shown as down, with the reason', async () => {
      await city.go(`/network?node=${PEER0}`);
      const panel = page.getByRole('complementary', { name: PEER0 });
      await panel.getByRole('button', { name: 'Stop…' }).click();
      const question = page.getByRole('alertdialog');
      await expect(question).toContainText('ParkingOperator');
      await question.getByRole('button', { name: /^Stop / }).click();
      await expect(question).toHaveCount(0, { timeout: 20_000 });
      const node = page.locator(`[data-node="${PEER0}"]`);
      await expect(node).toContainText('stopped', { timeout: SHOWN_MS });
      const why = panel.getByRole('status').filter({ hasText: 'peer0.parkingoperator is stopped' });
      await expect(why).toContainText('peer1.parkingoperator still endorses', { timeout: SHOWN_MS });
    });

    await test.step('transactions go through the other peer', async () => {
      await transactions.actAs(OPERATOR);
      await transactions.commit(spot('SPOT-3'));
      await expect(transactions.result).toContainText('peer1.parkingoperator');
      await expect(transactions.result).not.toContainText('peer0.parkingoperator');
      await transactions.evaluate({
        contract: 'parking',
        function: 'GetSpot',
        args: { 'Spot id': 'SPOT-3' },
      });
      await expect(transactions.result).toContainText('Asked through the gateway of');
      await expect(transactions.result).toContainText(PEER1.split('.cityflow')[0] ?? PEER1);
    });

    await test.step('started again, it is seen catching up', async () => {
      for (let block = 0; block < MISSED_BLOCKS; block += 1) {
        const args = ['RegisterSpot', `MISSED-${block}`, 'centre', 'street', '250'];
        await cityflow.json(
          'submit',
          '--as',
          OPERATOR,
          '--channel',
          'parking-channel',
          '--contract',
          'parking',
          ...args,
        );
      }
      await city.go(`/network?node=${PEER0}`);
      const node = page.locator(`[data-node="${PEER0}"]`);
      // A genuine peer has its blocks before anyone looks, unless there is nobody to ask for them yet.
      await cityflow.json('nodes', 'pause', ORDERER);
      await page.getByRole('complementary', { name: PEER0 }).getByRole('button', { name: 'Start' }).click();
      await expect(node).toContainText('catching up', { timeout: 30_000 });
      await cityflow.json('nodes', 'resume', ORDERER);
      await expect(node).toContainText('running', { timeout: 60_000 });
    });

    await test.step('the charts have moved', async () => {
      await city.go(HEIGHTS);
      await expect.poll(() => newestHeights(city), { timeout: 30_000 }).toBeGreaterThan(before);
    });
    expect(city.complaints).toEqual([]);
  } finally {
    await service?.close();
  }
});

/** Blocks of all peers together, in the newest step that has any. */
async function newestHeights({ page }: ConsolePage): Promise<number> {
  const rows = page.getByRole('table', { name: /^Ledger height/ }).locator('tbody tr[data-index]');
  await expect(rows.first()).toBeVisible({ timeout: 30_000 });
  const sums = await rows.evaluateAll((all) =>
    all.map((row) =>
      [...row.querySelectorAll('td.num')].reduce(
        (sum, cell) => sum + (Number(cell.textContent.replaceAll(',', '')) || 0),
        0,
      ),
    ),
  );
  return sums.find((sum) => sum > 0) ?? 0;
}
