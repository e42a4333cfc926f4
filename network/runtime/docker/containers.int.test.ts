import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TestContext } from 'vitest';
import type { DockerSettings } from '../../topology/schema';
import { ForeignDataError } from '../data-origin';
import { PortTakenError } from '../network-runtime';
import type { ContainerRuntime, NetworkRuntime, NodeChange } from '../network-runtime';
import { CityNetwork, missingForNetwork } from '../testing/city-network';
import { bridgeName, objectName } from './container-plan';
import { ForeignObjectError } from './docker-errors';
import type { Engine } from './engine';
import { readIdentity } from './network-identity';
import { localEngine, missingEngine } from './testing/engine';
import { inContainers } from './testing/in-containers';

const peer = 'peer0.userservice.cityflow.com';
const other = 'peer1.userservice.cityflow.com';
const contract = 'user.userservice.cityflow.com';
const interruptible = [
  'start nodes',
  'join orderers',
  'join peers',
  'install contracts',
  'approve contracts',
  'commit contracts',
] as const;
/** What the engine tells is shown within a second; the rest is for a machine that is busy otherwise. */
const told = { timeout: 10_000, interval: 50 };

const withSettings = (changes: Partial<DockerSettings> = {}) =>
  inContainers({ images: 'embedded', ...changes });

describe('containers of a network', () => {
  let missing: string | undefined;
  let network: CityNetwork;
  let engine: Engine;
  const runtime = () => network.runtime as NetworkRuntime & ContainerRuntime;
  const identity = async () => {
    const known = await readIdentity(network.root);
    if (!known) throw new Error('the network has no identity');
    return known;
  };
  const containerOf = async (node: string) => engine.docker.getContainer(objectName(await identity(), node));
  const height = async (node: string) => {
    const { channels, directory } = network.clients;
    return (await channels.chainInfo(directory.node(node), await directory.adminOfNode(node), 'user-channel'))
      .height;
  };

  beforeAll(async () => {
    missing = missingForNetwork(false) ?? (await missingEngine());
    if (missing !== undefined) return;
    engine = await localEngine();
    network = await CityNetwork.create(withSettings());
    await network.bringUp();
  });
  afterAll(async () => {
    if (missing === undefined) await network.dispose();
  });
  beforeEach((context: TestContext) => {
    if (missing !== undefined) context.skip(missing);
  });

  test('listen on this machine’s loopback only', async () => {
    const { docker } = engine;
    const { id } = await identity();
    const all = await docker.listContainers({ filters: { label: [`com.cityflow.network-id=${id}`] } });
    expect(all).toHaveLength(13);
    const published = all.flatMap(({ Ports }) => Ports.filter(({ PublicPort }) => PublicPort));
    expect(published.length).toBeGreaterThanOrEqual(8 * 2 + 3 + 4);
    expect(new Set(published.map(({ IP }) => IP))).toEqual(new Set(['127.0.0.1']));
  });

  test('that are paused stand still and go on', async () => {
    await runtime().pause(peer);
    expect(await runtime().state(peer)).toMatchObject({ state: 'paused' });
    await runtime().start(peer);
    expect(await runtime().state(peer)).toMatchObject({ state: 'running' });
    await runtime().pause(peer);
    await runtime().stop(peer);
    expect(await runtime().state(peer)).toEqual({ state: 'stopped' });
    await runtime().start(peer);
  });

  test('are seen to end and to come back, whoever does it', async () => {
    const changes: NodeChange[] = [];
    const end = runtime().onChange((change) => changes.push(change));
    const container = await containerOf(other);
    await container.kill();
    await vi.waitFor(
      async () => expect(await runtime().state(other)).toMatchObject({ state: 'exited' }),
      told,
    );
    expect(await runtime().state(other)).toMatchObject({
      exitCode: 137,
      reason: expect.stringContaining('SIGKILL') as string,
    });
    await container.start();
    await vi.waitFor(
      async () => expect(await runtime().state(other)).toMatchObject({ state: 'running' }),
      told,
    );
    end();
    expect(changes.filter(({ node }) => node === other).map(({ status }) => status.state)).toEqual([
      'exited',
      'running',
    ]);
  });

  test('that are removed come back with their ledgers', async () => {
    const before = await height(peer);
    await runtime().remove(peer);
    expect(await runtime().container(peer)).toBeUndefined();
    await runtime().start(peer);
    expect(await height(peer)).toBe(before);
  });

  test('run a command and say what they use', async () => {
    const { output, exitCode } = await runtime().exec(contract, [
      'node',
      '-e',
      'console.log("ä" + process.env.CHAINCODE_SERVER_ADDRESS); process.exit(3)',
    ]);
    expect(output).toMatch(/^ä0\.0\.0\.0:\d+\n$/);
    expect(exitCode).toBe(3);
    const stats = await runtime().stats(peer);
    // What is read next is the difference to this.
    await vi.waitFor(async () => expect((await runtime().stats(peer))?.cpuPercent).toBeGreaterThan(0), told);
    expect(stats?.residentBytes).toBeGreaterThan(20e6);
    expect(stats?.network?.receivedBytes).toBeGreaterThan(1_000);
  });

  test('that differ from the topology are kept, told by name, and made anew on demand', async () => {
    const limits = { orderer: {}, peer: { memory: '300 MB', cpus: 1.5 }, contract: {} };
    await network.reopen(withSettings({ limits }));
    expect(
      (await network.bringUp()).filter(({ state }) => state === 'done').map(({ stage }) => stage),
    ).toEqual(['first calls']);
    // Known before anyone asks the engine about it, so that a status can tell it of all nodes.
    expect(runtime().drift(peer)).toEqual([
      'memory limit: none, in the topology 300 MB',
      'processor limit: none, in the topology 1.5 cores',
    ]);
    expect((await runtime().container(peer))?.drift).toEqual(runtime().drift(peer));
    expect(runtime().drift(contract)).toEqual([]);
    await runtime().remove(peer);
    expect(runtime().drift(peer)).toBeUndefined();
    await runtime().start(peer);
    expect(await runtime().container(peer)).toMatchObject({
      drift: [],
      memoryLimitBytes: 300 * 1024 * 1024,
      processorLimit: 1.5,
    });
    await network.reopen(withSettings());
  });

  test('of others are never touched, whatever their names', async () => {
    await runtime().remove(contract);
    const name = objectName(await identity(), contract);
    const image = (await runtime().container(peer))?.image ?? '';
    const foreign = await engine.docker.createContainer({ name, Image: image, Cmd: ['node', '-v'] });
    const { Id } = await foreign.inspect();
    try {
      await expect(runtime().start(contract)).rejects.toThrow(ForeignObjectError);
      await expect(runtime().remove(contract)).rejects.toThrow(ForeignObjectError);
      expect((await foreign.inspect()).Id).toBe(Id);
    } finally {
      await foreign.remove({ force: true });
    }
    await runtime().start(contract);
  });

  test('that were taken off their network differ from the topology, and are on it again when made anew', async () => {
    const bridge = engine.docker.getNetwork(bridgeName(await identity()));
    await bridge.disconnect({ Container: objectName(await identity(), contract) });
    expect((await runtime().container(contract))?.drift).toEqual([
      `network: none, in the topology ${bridgeName(await identity())}`,
    ]);
    await runtime().remove(contract);
    await runtime().start(contract);
    expect((await runtime().container(contract))?.drift).toEqual([]);
  });

  test('do not start where their port is taken, and say by whom', async () => {
    await runtime().stop(contract);
    const port = network.topology.contracts.find(({ name }) => name === 'user')?.port ?? 0;
    const holder = createServer();
    await new Promise<void>((resolve) => void holder.listen(port, '127.0.0.1', resolve));
    try {
      const refused = runtime().start(contract);
      await expect(refused).rejects.toThrow(PortTakenError);
      await expect(refused).rejects.toMatchObject({ port, holder: { pid: process.pid } });
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
    await runtime().start(contract);
  });

  test('do not go on with a volume from another genesis', async () => {
    const refused = runtime().claim({ 'user-channel': 'ff'.repeat(32) });
    await expect(refused).rejects.toThrow(ForeignDataError);
    await expect(refused).rejects.toMatchObject({
      node: 'orderer.cityflow.com',
      folder: expect.stringMatching(/^volume /) as string,
    });
  });

  test('what they write is in the node’s log once, over the end of whoever collects it', async () => {
    const count = 400;
    const said = (from: number) =>
      `for (let i = ${from}; i < ${from + count}; i++) require('fs').writeSync(fd, 'numbered ' + i + ' €\\n')`;
    const speak = (from: number) =>
      runtime().exec(contract, [
        'node',
        '-e',
        `const fd = require('fs').openSync('/proc/1/fd/1', 'w'); ${said(from)}`,
      ]);
    await speak(0);
    await network.reopen(withSettings());
    await speak(count);
    const numbers = async () => {
      const lines: number[] = [];
      for await (const { line } of runtime().logs(contract)) {
        const number = /^numbered (\d+) €$/.exec(line)?.[1];
        if (number !== undefined) lines.push(Number(number));
      }
      return lines;
    };
    await vi.waitFor(async () => expect(await numbers()).toHaveLength(2 * count), told);
    expect(await numbers()).toEqual([...Array(2 * count).keys()]);
  });

  test('are all that is deleted, and named before', async () => {
    const identityNow = await identity();
    const { docker } = engine;
    const opened = await withSettings()(network.topology, network.root);
    await network.runtime.stopAll();
    const bystander = `bystander-${identityNow.id}`;
    await docker.createVolume({ Name: bystander });
    const purged = (await opened.purge?.()) as string[];
    await opened.runtime.close();
    expect(purged).toHaveLength(13 + 9 + 1);
    expect(purged).toContain(`container ${objectName(identityNow, peer)}`);
    expect(purged).toContain(`volume ${objectName(identityNow, peer)}`);
    expect(purged).toContain(`network ${bridgeName(identityNow)}`);
    const filters = { label: [`com.cityflow.network-id=${identityNow.id}`] };
    expect(await docker.listContainers({ all: true, filters })).toEqual([]);
    await docker.getVolume(bystander).remove();
  });
});

test('a bring-up that is interrupted at any stage is finished by the next one', async (context) => {
  const missing = missingForNetwork(false) ?? (await missingEngine());
  if (missing !== undefined) context.skip(missing);
  const network = await CityNetwork.create(withSettings());
  try {
    for (const stage of interruptible) await expect(network.bringUp(stage)).rejects.toThrow();
    const last = await network.bringUp();
    expect(last.at(-1)).toMatchObject({ stage: 'first calls', state: 'done' });
    const again = await network.bringUp();
    expect(again.filter(({ state }) => state === 'done').map(({ stage }) => stage)).toEqual(['first calls']);
  } finally {
    await network.dispose();
  }
});
