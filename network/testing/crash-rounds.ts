import { setTimeout as delay } from 'node:timers/promises';
import type { CityNetwork } from '../runtime/testing/city-network';
import { CityLoad } from './city-load';
import { compareChains, readMoney, type ChainReport } from './ledger-comparison';
import { Random } from './random';

const WORKERS = 6;
const LONGEST_UP_MS = 1_500;
const LONGEST_DOWN_MS = 1_000;
/** Blocks a paused peer falls behind before it goes on. */
const LAG_BLOCKS = 5;

export interface CrashOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly log?: (line: string) => void;
}

export interface CrashReport extends ChainReport {
  readonly kills: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  readonly unknown: number;
  readonly failed: number;
  readonly money: Awaited<ReturnType<typeof readMoney>>;
}

/**
 * Kills a random node at a random moment under load, starts it again, and so on; in one round a peer is paused until
 * it is five blocks behind. At the end everything that was acknowledged must be on every peer, all chains must be the
 * same, and money conserved. Choices come from the seed; what the kills meet depends on the machine's own timing.
 */
export async function crashRounds(network: CityNetwork, options: CrashOptions): Promise<CrashReport> {
  const { clients } = network;
  const random = new Random(options.seed);
  const kills: Record<string, number> = {};
  const load = await CityLoad.start(clients, WORKERS, new Random(options.seed + 1));
  try {
    await killNodes(network, random, options, load, kills);
  } finally {
    await load.stop();
  }
  return {
    kills,
    acknowledged: load.acknowledged.length,
    unknown: load.unknown,
    failed: load.failed,
    ...(await compareChains(clients, load.acknowledged)),
    money: await readMoney(clients),
  };
}

async function killNodes(
  network: CityNetwork,
  random: Random,
  { rounds, log = () => undefined }: CrashOptions,
  load: CityLoad,
  kills: Record<string, number>,
): Promise<void> {
  const { runtime } = network;
  const victims = runtime.nodes();
  const lagRound = random.below(rounds);
  for (let round = 0; round < rounds; round += 1) {
    await delay(random.below(LONGEST_UP_MS));
    if (round === lagRound) {
      const peer = random.pick(victims.filter(({ kind }) => kind === 'peer'));
      log(`round ${round}: ${peer.name} is held back by ${LAG_BLOCKS} blocks`);
      await holdBack(network, peer.name);
      continue;
    }
    const victim = random.pick(victims);
    log(`round ${round}: ${victim.name} is killed (${load.acknowledged.length} acknowledged so far)`);
    kills[victim.name] = (kills[victim.name] ?? 0) + 1;
    await runtime.kill(victim.name);
    await delay(random.below(LONGEST_DOWN_MS));
    await runtime.start(victim.name);
  }
}

/** Pauses a peer's process until the orderer is five blocks ahead of it on the wallet channel. */
async function holdBack({ runtime, clients, topology }: CityNetwork, peer: string): Promise<void> {
  const status = await runtime.state(peer);
  if (!('pid' in status)) throw new Error(`${peer} is ${status.state}`);
  const orderer = topology.organizations.find(({ kind }) => kind === 'orderer')?.nodes[0]?.name ?? '';
  const participation = await clients.participation(orderer);
  const height = async () => (await participation.info('wallet-channel')).height;
  process.kill(status.pid, 'SIGSTOP');
  try {
    const before = await height();
    const deadline = Date.now() + 120_000;
    while ((await height()) < before + LAG_BLOCKS) {
      if (Date.now() > deadline) throw new Error('the network ordered no five blocks within two minutes');
      await delay(100);
    }
  } finally {
    process.kill(status.pid, 'SIGCONT');
  }
}
