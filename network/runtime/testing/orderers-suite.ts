import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { CityLoad } from '../../testing/city-load';
import { compareChains } from '../../testing/ledger-comparison';
import { Random } from '../../testing/random';
import { channelLeaders, leaderless } from '../channel-leaders';
import { CityNetwork } from './city-network';
import type { OpenNetwork } from './city-network';

const WORKERS = 4;
/** Acknowledged before and after a leader's death. */
const ENOUGH = 6;
const channel = 'wallet-channel';
/** Raft waits ten ticks of half a second before it elects, and gateways try silent orderers for as long. */
const elected = { timeout: 60_000, interval: 200 };

export interface OrderersKind {
  readonly title: string;
  /** Topology in `network/examples`. */
  readonly file: string;
  /** How many may be down with the rest still ordering. */
  readonly spare: number;
  /** Why it can't run here; undefined where it can. */
  readonly missing: () => Promise<string | undefined>;
  readonly open: OpenNetwork;
}

/** What several orderers must do, in processes and in containers. */
export function describeOrderers({ title, file, spare, missing: findMissing, open }: OrderersKind): void {
  describe(title, () => {
    let missing: string | undefined;
    let network: CityNetwork;
    const down: string[] = [];

    const leaders = () => channelLeaders(network.topology);
    const leaderOf = async (name: string): Promise<string> => {
      const found = (await leaders()).leaders.get(name);
      if (found === undefined) throw new Error(`nobody leads ${name}`);
      return found;
    };
    const kill = async (orderer: string) => {
      await network.runtime.kill(orderer);
      down.push(orderer);
    };
    const openWallet = async (user: string) =>
      network.clients.transactions.submit(
        await network.clients.directory.signer('UserService', 'registrar'),
        { channelId: channel, contract: 'wallet', functionName: 'OpenWallet', args: [user] },
      );

    beforeAll(async () => {
      missing = await findMissing();
      if (missing !== undefined) return;
      network = await CityNetwork.create(open, undefined, `examples/${file}`);
      await network.bringUp();
    });
    afterAll(async () => {
      if (missing === undefined) await (network as CityNetwork | undefined)?.dispose();
    });
    beforeEach((context: TestContext) => {
      if (missing !== undefined) context.skip(missing);
    });

    test('come up with a leader on every channel', async () => {
      const { leaders: found, silent } = await leaders();
      expect([...found.keys()].sort()).toEqual(network.topology.channels.map(({ name }) => name).sort());
      expect(silent).toEqual([]);
    });

    test(`go on without ${spare} of them, the leader first: nothing acknowledged is lost`, async () => {
      const load = await CityLoad.start(network.clients, WORKERS, new Random(spare));
      const more = async () => {
        const before = load.acknowledged.length;
        await vi.waitFor(
          () => expect(load.acknowledged.length).toBeGreaterThanOrEqual(before + ENOUGH),
          elected,
        );
      };
      try {
        await more();
        for (let lost = 0; lost < spare; lost += 1) {
          const old = await leaderOf(channel);
          await kill(old);
          await vi.waitFor(async () => expect(await leaderOf(channel)).not.toBe(old), elected);
          await more();
        }
      } finally {
        await load.stop();
      }
      const report = await compareChains(network.clients, load.acknowledged);
      expect(report.lost).toEqual([]);
      expect(report.differences).toEqual([]);
      expect([...(await leaders()).silent].sort()).toEqual([...down].sort());
    });

    test('say that a majority is lost, and order nothing', async () => {
      await kill(await leaderOf(channel));
      await vi.waitFor(async () => expect((await leaders()).leaders.has(channel)).toBe(false), elected);
      const { silent } = await leaders();
      expect(leaderless([channel], silent, 2 * spare + 1)).toContain(
        `${spare + 1} of ${2 * spare + 1} orderers are needed: start 1 of them`,
      );
      await expect(openWallet('nobody')).rejects.toMatchObject({ stage: 'submit', codeName: 'UNAVAILABLE' });
    });

    test('order again as soon as a majority is back, and the rest catches up', async () => {
      const [first, ...rest] = down;
      await network.runtime.start(first ?? '');
      await vi.waitFor(async () => expect((await leaders()).leaders.has(channel)).toBe(true), elected);
      await vi.waitFor(async () => expect(await openWallet('again')).toMatchObject({ code: 0 }), elected);
      for (const orderer of rest) await network.runtime.start(orderer);
      const heights = async () =>
        Promise.all(
          [first ?? '', ...rest].map(
            async (orderer) => (await (await network.clients.participation(orderer)).info(channel)).height,
          ),
        );
      const { directory, channels } = network.clients;
      const peer = 'peer0.userservice.cityflow.com';
      const tip = await channels.chainInfo(directory.node(peer), await directory.adminOfNode(peer), channel);
      await vi.waitFor(async () => expect(new Set(await heights())).toEqual(new Set([tip.height])), elected);
    });
  });
}
