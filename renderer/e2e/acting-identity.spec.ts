import { expect, test } from './harness/test';
import { connectionsOf } from './harness/connections';
import { processesUnread, supervisorOf } from './harness/processes';
import { TransactionsPage } from './harness/transactions-page';
import { WireListener } from './harness/wire-listener';

const READ = { contract: 'user', function: 'ListUsers', args: { 'Page size': '10' } };

test('another identity acts without a new connection: neither to the service nor to any node', async ({
  city,
  network,
}, info) => {
  info.skip(processesUnread !== undefined, processesUnread ?? '');
  const wire = new WireListener(city.page);
  const transactions = new TransactionsPage(city);
  const { cityflow } = network;
  const supervisor = await supervisorOf(cityflow.folder);
  const nodePorts = cityflow.topology.organizations.flatMap(({ nodes }) =>
    nodes.map(({ ports }) => ports.grpc),
  );
  const open = () => connectionsOf(supervisor, nodePorts);

  await transactions.actAs('UserService/registrar');
  await transactions.evaluate(READ);
  await expect(transactions.result).toContainText('ListUsers as UserService/registrar');
  await expect(transactions.result).toContainText('Evaluated, nothing written');
  const before = await open();
  expect(before.size).toBeGreaterThan(0);

  for (const identity of ['UserService/Admin', 'ParkingOperator/operator', 'UserService/registrar']) {
    await transactions.actAs(identity);
    await transactions.pressEvaluate();
    await expect(transactions.result).toContainText(`ListUsers as ${identity}`);
    await expect(transactions.result).toContainText('Evaluated, nothing written');
  }
  expect([...(await open())].filter((connection) => !before.has(connection))).toEqual([]);
  expect(wire.opened).toBe(0);
});
