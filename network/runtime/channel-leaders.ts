import { setTimeout as delay } from 'node:timers/promises';
import type { Topology } from '../topology/schema';
import { operationsAddress, ordererNodes } from '../topology/views';
import type { TopologyOrderer } from '../topology/views';

const timeoutMs = 30_000;
const intervalMs = 100;
/** A paused orderer takes the connection and says nothing. */
const answerMs = 2_000;

/**
 * Waits until every channel has a leader among its orderers: until then an orderer that was just started refuses
 * transactions with SERVICE_UNAVAILABLE, although it says it is active on the channel. Only its metrics tell
 * (`consensus_etcdraft_is_leader`).
 * @throws Error naming the channels nobody leads in time, and the orderers that don't answer
 */
export async function untilChannelsAreLed(topology: Topology, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { leaders, silent } = await channelLeaders(topology, signal);
    const waiting = topology.channels.map(({ name }) => name).filter((name) => !leaders.has(name));
    if (waiting.length === 0) return;
    if (Date.now() > deadline) throw new Error(leaderless(waiting, silent, ordererNodes(topology).length));
    await delay(intervalMs, undefined, signal && { signal });
  }
}

export interface ChannelLeaders {
  /** Channel → the orderer that says it leads it. */
  readonly leaders: ReadonlyMap<string, string>;
  /** Orderers that don't answer. */
  readonly silent: readonly string[];
}

/** Who leads which channel, as the orderers themselves say. */
export async function channelLeaders(topology: Topology, signal?: AbortSignal): Promise<ChannelLeaders> {
  const leaders = new Map<string, string>();
  const silent: string[] = [];
  await Promise.all(
    ordererNodes(topology).map(async (orderer) => {
      const page = await metricsPage(orderer, signal);
      if (page === undefined) silent.push(orderer.name);
      else for (const channel of leaderChannels(page)) leaders.set(channel, orderer.name);
    }),
  );
  return { leaders, silent };
}

/** @returns undefined where it does not answer */
async function metricsPage(orderer: TopologyOrderer, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const address = `http://${operationsAddress(orderer, 'localhost')}/metrics`;
    const patience = AbortSignal.timeout(answerMs);
    const limits = { signal: signal ? AbortSignal.any([signal, patience]) : patience };
    return await (await fetch(address, limits)).text();
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** Channels that a page of metrics (Prometheus text format) says its node leads. */
export function leaderChannels(page: string): Set<string> {
  const lines = page.matchAll(/^consensus_etcdraft_is_leader\{[^}]*channel="([^"]+)"[^}]*\} 1$/gm);
  return new Set([...lines].map((match) => match[1] ?? ''));
}

/** Why nobody leads these channels: too many orderers are silent, or their logs know. */
export function leaderless(channels: readonly string[], silent: readonly string[], orderers: number): string {
  const majority = Math.floor(orderers / 2) + 1;
  const answering = orderers - silent.length;
  const why =
    answering < majority
      ? `${silent.join(' and ')} ${silent.length === 1 ? 'does' : 'do'} not answer, and ${majority} of ${orderers} orderers are needed: start ${majority - answering} of them`
      : 'see the logs of the orderers for what keeps them';
  return `no orderer leads ${channels.join(', ')}: ${why}`;
}
