import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkClients } from '../admin/network-clients';
import type { NodeAddress } from '../admin/node-connection';
import { ordererNodes } from '../topology/views';

const timeoutMs = 60_000;
const intervalMs = 100;

/**
 * Waits until peers have the blocks of a channel that its orderers have now: what a peer that lags behind says of
 * definitions is old.
 * @throws Error naming the peer that doesn't get there
 */
export async function untilCaughtUp(
  clients: NetworkClients,
  channel: string,
  peers: readonly NodeAddress[],
  signal?: AbortSignal,
): Promise<void> {
  const wanted = await ordererHeight(clients, channel, signal);
  await Promise.all(peers.map((peer) => untilHeight(clients, peer, channel, wanted, signal)));
}

/** Of the orderers that answer: a group goes on without its minority. */
async function ordererHeight(
  clients: NetworkClients,
  channel: string,
  signal?: AbortSignal,
): Promise<number> {
  const answers = await Promise.allSettled(
    ordererNodes(clients.directory.topology).map(async (orderer) => {
      const participation = await clients.participation(orderer.name);
      return (await participation.info(channel, signal)).height;
    }),
  );
  const heights = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const failure = answers.find((answer) => answer.status === 'rejected');
  if (failure && heights.length === 0) throw failure.reason;
  return Math.max(...heights);
}

async function untilHeight(
  { channels, directory }: NetworkClients,
  peer: NodeAddress,
  channel: string,
  wanted: number,
  signal?: AbortSignal,
): Promise<void> {
  const admin = await directory.adminOfNode(peer.name);
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { height } = await channels.chainInfo(peer, admin, channel, signal && { signal });
    if (height >= wanted) return;
    if (Date.now() > deadline) {
      throw new Error(
        `${peer.name} has ${height} of ${wanted} blocks of ${channel} and does not catch up: see its log for what keeps it`,
      );
    }
    await delay(intervalMs, undefined, signal && { signal });
  }
}
