import { setTimeout as delay } from 'node:timers/promises';
import type { Topology } from '../topology/schema';
import { operationsAddress, ordererNodes } from '../topology/views';

const timeoutMs = 30_000;
const intervalMs = 100;

/**
 * Waits until every channel has a leader among its orderers: until then an orderer that was just started refuses
 * transactions with SERVICE_UNAVAILABLE, although it says it is active on the channel. Only its metrics tell
 * (`consensus_etcdraft_is_leader`).
 * @throws Error naming the channels nobody leads in time
 */
export async function untilChannelsAreLed(topology: Topology, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const led = await ledChannels(topology, signal);
    const waiting = topology.channels.map(({ name }) => name).filter((name) => !led.has(name));
    if (waiting.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`no orderer leads ${waiting.join(', ')}: see the log of the orderer for what keeps it`);
    }
    await delay(intervalMs, undefined, signal && { signal });
  }
}

async function ledChannels(topology: Topology, signal?: AbortSignal): Promise<Set<string>> {
  const pages = await Promise.all(
    ordererNodes(topology).map(async (orderer) => {
      const response = await fetch(
        `http://${operationsAddress(orderer, 'localhost')}/metrics`,
        signal && { signal },
      );
      return response.text();
    }),
  );
  return leaderChannels(pages.join('\n'));
}

/** Channels that a page of metrics (Prometheus text format) says its node leads. */
export function leaderChannels(page: string): Set<string> {
  const lines = page.matchAll(/^consensus_etcdraft_is_leader\{[^}]*channel="([^"]+)"[^}]*\} 1$/gm);
  return new Set([...lines].map((match) => match[1] ?? ''));
}
