import { connectionsOf } from './harness/connections';
import { processesUnread, supervisorOf } from './harness/processes';
import { expect, test } from './harness/test';
import { TransactionsPage } from './harness/transactions-page';
import { WireListener } from './harness/wire-listener';

const READ = { contract: 'user', function: 'ListUsers', args: { 'Page size': '10' } };
const IDENTITIES = ['UserService/registrar', 'UserService/Admin', 'ParkingOperator/operator'];

test('another identity acts without a new connection: neither to the service nor to any node', async ({
  shell,
  city,
  network,
}, info) => {
  info.skip(shell === 'desktop', 'the desktop has no WebSocket whose messages could be heard');
  info.skip(processesUnread !== undefined, processesUnread ?? '');
  const wire = new WireListener(city.page);
  await city.page.reload();
  const transactions = new TransactionsPage(city);
  const { cityflow } = network;
  const supervisor = await supervisorOf(cityflow.folder);
  const nodePorts = cityflow.topology.organizations.flatMap(({ nodes }) =>
    nodes.map(({ ports }) => ports.grpc),
  );
  const open = () => connectionsOf(supervisor, nodePorts);
  const askedAs = () =>
    wire.calls.flatMap(({ operation, request }) => (operation === 'transaction.evaluate' ? [request] : []));

  await transactions.fill(READ);
  for (const identity of IDENTITIES) {
    await transactions.actAs(identity);
    await transactions.pressEvaluate();
    await expect.poll(() => askedAs().at(-1)).toMatchObject({ as: identity });
    await expect(transactions.result).toContainText('Evaluated, nothing written');
  }
  const before = await open();
  expect(before.size).toBeGreaterThan(0);

  const asked = askedAs().length;
  for (const identity of IDENTITIES) {
    await transactions.actAs(identity);
    await transactions.pressEvaluate();
    await expect.poll(() => askedAs().at(-1)).toMatchObject({ as: identity });
    await expect(transactions.result).toContainText('Evaluated, nothing written');
  }
  expect(askedAs()).toHaveLength(asked + IDENTITIES.length);
  expect([...(await open())].filter((connection) => !before.has(connection))).toEqual([]);
  expect(wire.opened).toBe(1);
});
