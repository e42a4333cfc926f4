import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkClients } from '../admin/network-clients';
import { ordererNodes, peersOfChannel } from '../topology/views';

const timeoutMs = 60_000;
const intervalMs = 100;

/**
 * Waits until every peer has the blocks its channels' orderers have now: what a peer that lags behind says of
 * definitions is old.
 * @throws Error naming the peers that don't get there
 */
export async function untilCaughtUp(clients: NetworkClients, signal?: AbortSignal): Promise<void> {
  const { directory } = clients;
  await Promise.all(
    directory.topology.channels.map(async ({ name: channel }) => {
      const wanted = await ordererHeight(clients, channel, signal);
      await Promise.all(
        peersOfChannel(directory.topology, channel).map((peer) =>
          untilHeight(clients, peer.name, channel, wanted, signal),
        ),
      );
    }),
  );
}

async function ordererHeight(
  clients: NetworkClients,
  channel: string,
  signal?: AbortSignal,
): Promise<number> {
  const heights = await Promise.all(
    ordererNodes(clients.directory.topology).map(async (orderer) => {
      const participation = await clients.participation(orderer.name);
      return (await participation.info(channel, signal)).height;
    }),
  );
  return Math.max(...heights);
}

async function untilHeight(
  { channels, directory }: NetworkClients,
  peer: string,
  channel: string,
  wanted: number,
  signal?: AbortSignal,
): Promise<void> {
  const node = directory.node(peer);
  const admin = await directory.adminOfNode(peer);
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { height } = await channels.chainInfo(node, admin, channel, signal && { signal });
    if (height >= wanted) return;
    if (Date.now() > deadline) {
      throw new Error(
        `${peer} has ${height} of ${wanted} blocks of ${channel} and does not catch up: see its log for what keeps it`,
      );
    }
    await delay(intervalMs, undefined, signal && { signal });
  }
}
