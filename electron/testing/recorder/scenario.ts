import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleClient } from '../../api/client';
import type { ChannelDetail, NetworkStatus, TaskModel } from '../../api/models';
import type { OperationName, Operations, RequestOf } from '../../api/operations';
import type { Answer } from './questions';
import { valueOf } from './value-of';

type TaskName = {
  [N in OperationName]: Operations[N]['kind'] extends 'task' ? N : never;
}[OperationName];

export const STOPPED_PEER = 'peer0.parkingoperator.cityflow.com';
export const ORDERER = 'orderer.cityflow.com';
export const LAGGING_PEER = 'peer1.chargingstation.cityflow.com';
const LAGGING_CHANNEL = 'charging-channel';

const LAG_MS = 60_000;

/** Runs a task to its end, whatever that is. */
export async function runTask<N extends TaskName>(
  client: ConsoleClient,
  name: N,
  request: RequestOf<N>,
): Promise<TaskModel> {
  const { task } = valueOf(await client.call<OperationName>(name, request)) as { task: string };
  let last: TaskModel | undefined;
  const broken = await client.subscribe('task', { task }, (events) => (last = events.at(-1))).ended;
  if (broken || !last) throw new Error(`${name} broke: ${broken?.title ?? 'it said nothing'}`);
  return last;
}

/** As runTask, for what must end well. */
export async function mustRun<N extends TaskName>(
  client: ConsoleClient,
  name: N,
  request: RequestOf<N>,
): Promise<void> {
  const { state, problem } = await runTask(client, name, request);
  if (state !== 'done') throw new Error(`${name} is ${state}: ${JSON.stringify(problem)}`);
}

const registerSpot = (as: string, spot: string) => ({
  as,
  channel: 'parking-channel',
  contract: 'parking',
  function: 'RegisterSpot',
  args: [spot, 'centre', 'street', '250'],
});

/** What the user of a first evening does: the demo, a spot registered and refused, a ledger verified. */
export async function useTheNetwork(client: ConsoleClient): Promise<void> {
  await mustRun(client, 'demo.run', {});
  await mustRun(client, 'transaction.run', registerSpot('ParkingOperator/operator', 'SPOT-12'));
  const refused = await runTask(client, 'transaction.run', registerSpot('UserService/registrar', 'SPOT-13'));
  if (refused.state !== 'failed') throw new Error('The registrar could register a spot.');
  await mustRun(client, 'ledger.verify', { channel: 'parking-channel' });
}

/**
 * One peer is stopped while parking goes on; another comes back after its channel went on without it, when there is no
 * orderer left to catch up from. Answers what was said while that one was still behind: its neighbours soon tell it
 * more.
 */
export async function disturbTheNetwork(client: ConsoleClient): Promise<Answer[]> {
  valueOf(await client.call('node.stop', { node: STOPPED_PEER }));
  await mustRun(client, 'transaction.run', registerSpot('ParkingOperator/operator', 'SPOT-14'));
  valueOf(await client.call('node.stop', { node: LAGGING_PEER }));
  for (let index = 0; index < 3; index++) {
    await mustRun(client, 'transaction.run', {
      as: 'ChargingStation/operator',
      channel: LAGGING_CHANNEL,
      contract: 'charging',
      function: 'RegisterStation',
      args: [`STATION-${index}`, 'harbour', '2', '22', '49'],
    });
  }
  valueOf(await client.call('node.stop', { node: ORDERER }));
  // Watched while it starts: once it is ready its neighbours may have told it all.
  const started = client.call('node.start', { node: LAGGING_PEER });
  const deadline = Date.now() + LAG_MS;
  while (Date.now() < deadline) {
    const request = { channel: LAGGING_CHANNEL };
    const [status, channel] = await Promise.all([
      client.call('network.status', {}),
      client.call('channel.show', request),
    ]);
    if (isBehind(valueOf(status), valueOf(channel))) {
      valueOf(await started);
      return [
        { operation: 'network.status', request: {}, outcome: status },
        { operation: 'channel.show', request, outcome: channel },
      ];
    }
    await delay(100);
  }
  throw new Error(`${LAGGING_PEER} was never seen behind the others: record again.`);
}

function isBehind(status: NetworkStatus, channel: ChannelDetail): boolean {
  const inStatus = status.nodes
    .find(({ name }) => name === LAGGING_PEER)
    ?.channels.find(({ name }) => name === LAGGING_CHANNEL)?.height;
  const inChannel = channel.peers.find(({ node }) => node === LAGGING_PEER)?.height;
  return [inStatus, inChannel].every(
    (height) => height && channel.height !== null && BigInt(height) < BigInt(channel.height),
  );
}
