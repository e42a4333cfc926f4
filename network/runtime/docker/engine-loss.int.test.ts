import { once } from 'node:events';
import os from 'node:os';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { materialPaths } from '../../artifacts/paths';
import { NodeStartError } from '../network-runtime';
import type { NodeChange } from '../network-runtime';
import { CityNetwork, missingForNetwork } from '../testing/city-network';
import { objectName } from './container-plan';
import { findEngine } from './engine';
import type { Engine } from './engine';
import { EngineLostError } from './engine-unavailable';
import { readIdentity } from './network-identity';
import { EngineRelay } from './testing/engine-relay';
import { localEngine, missingEngine } from './testing/engine';
import { inContainers } from './testing/in-containers';

const contract = 'user.userservice.cityflow.com';
const broken = 'parking.parkingoperator.cityflow.com';
const LINES = 300;
/** Two streams that are tried four times each, with pauses that double from 125 ms at the least. */
const ATTEMPTS = 8;
const LEAST_MS = 600;
/** The longest pause of a stream that was lost, and a busy machine. */
const back = { timeout: 40_000, interval: 50 };
const SOON_MS = 20_000;

describe('containers of an engine', () => {
  let missing: string | undefined;
  let engine: Engine;
  let relay: EngineRelay;
  let network: CityNetwork;

  const containerOf = async (node: string) => {
    const identity = await readIdentity(network.root);
    if (!identity) throw new Error('the network has no identity');
    return engine.docker.getContainer(objectName(identity, node));
  };
  /** Has a container say numbered lines, whether the network's own way to the engine is open or not. */
  const speak = async (from: number) => {
    const said = `for (let i = ${from}; i < ${from + LINES}; i++) require('fs').writeSync(fd, 'numbered ' + i + '\\n')`;
    const exec = await (
      await containerOf(contract)
    ).exec({
      Cmd: ['node', '-e', `const fd = require('fs').openSync('/proc/1/fd/1', 'w'); ${said}`],
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({});
    stream.resume();
    await once(stream, 'end');
  };
  const numbers = async () => {
    const found: number[] = [];
    for await (const { line } of network.runtime.logs(contract)) {
      const number = /^numbered (\d+)$/.exec(line)?.[1];
      if (number !== undefined) found.push(Number(number));
    }
    return found;
  };

  beforeAll(async () => {
    missing = missingForNetwork(false) ?? (await missingEngine());
    if (missing !== undefined) return;
    engine = await localEngine();
    if (!engine.address.startsWith('unix://')) {
      missing = 'the engine has no socket that can be relayed';
      return;
    }
    relay = await EngineRelay.open(engine.address.slice('unix://'.length));
    const throughRelay = () =>
      findEngine({
        variables: { DOCKER_HOST: relay.address },
        homeFolder: os.homedir(),
        platform: process.platform,
      });
    network = await CityNetwork.create(inContainers({ images: 'embedded' }, throughRelay));
    await network.runtime.claim({});
    await network.runtime.start(contract);
  });
  afterAll(async () => {
    if (missing !== undefined) return;
    relay.restore();
    await network.dispose();
    await relay.close();
  });
  beforeEach((context: TestContext) => {
    if (missing !== undefined) context.skip(missing);
  });

  test('that dies in the middle are unknown until it is back; their logs go on whole, and nothing storms', async () => {
    const changes: NodeChange[] = [];
    const end = network.runtime.onChange((change) => changes.push(change));
    await speak(0);
    await vi.waitFor(async () => expect(await numbers()).toHaveLength(LINES), back);

    relay.cut();
    await vi.waitFor(
      async () => expect(await network.runtime.state(contract)).toMatchObject({ state: 'unknown' }),
      back,
    );
    expect(await network.runtime.state(contract)).toMatchObject({
      reason: expect.stringContaining(`the Docker engine at ${relay.address} does not answer: `) as string,
    });
    await speak(LINES);
    await vi.waitFor(() => expect(relay.refused.length).toBeGreaterThanOrEqual(ATTEMPTS), back);
    expect((relay.refused[ATTEMPTS - 1] ?? 0) - (relay.refused[0] ?? 0)).toBeGreaterThanOrEqual(LEAST_MS);
    await expect(network.runtime.stop(contract)).rejects.toThrow(EngineLostError);
    expect(await network.runtime.stats(contract)).toBeUndefined();

    relay.restore();
    await vi.waitFor(
      async () => expect(await network.runtime.state(contract)).toMatchObject({ state: 'running' }),
      back,
    );
    await speak(2 * LINES);
    await vi.waitFor(async () => expect(await numbers()).toHaveLength(3 * LINES), back);
    expect(await numbers()).toEqual([...Array(3 * LINES).keys()]);
    end();
    const seen = changes.filter(({ node }) => node === contract).map(({ status }) => status.state);
    expect(seen[0]).toBe('unknown');
    expect(seen.at(-1)).toBe('running');
  });

  test('that end at once are told soon with code and last words, and do not loop on', async () => {
    const { tls } = materialPaths(network.topology, network.root).contract('parking');
    await writeFile(tls.key, 'no key\n');
    const begun = Date.now();
    const error: unknown = await network.runtime.start(broken).catch((reason: unknown) => reason);
    if (!(error instanceof NodeStartError)) throw new Error('it started', { cause: error });
    expect(Date.now() - begun).toBeLessThan(SOON_MS);
    expect(error.reason).toMatch(/^exited with code \d+; its log: .+/);
    const { State, HostConfig } = await (await containerOf(broken)).inspect();
    expect(HostConfig.RestartPolicy).toMatchObject({ Name: 'unless-stopped' });
    expect(State).toMatchObject({ Running: false, Restarting: false });
    expect((await network.runtime.state(broken)).state).toMatch(/^(exited|stopped)$/);
  });
});
