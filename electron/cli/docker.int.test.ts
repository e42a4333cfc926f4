import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { missingForNetwork } from '../../network/runtime/testing/city-network';
import { localEngine, missingEngine } from '../../network/runtime/docker/testing/engine';
import type { DockerSettings, Topology } from '../../network/topology/schema';
import type { NetworkStatus } from '../api/models';
import { CommandLine } from './testing/command-line';

const peer = 'peer1.citymanagement.cityflow.com';
/** Names of containers are the engine's, which others may use as well. */
const name = `cli${process.pid}`;

let cityflow: CommandLine | undefined;
afterEach(async () => {
  await cityflow?.close();
  cityflow = undefined;
});

async function opened(context: TestContext, docker: Partial<DockerSettings>): Promise<CommandLine> {
  const missing = missingForNetwork(false) ?? (await missingEngine());
  if (missing !== undefined) context.skip(missing);
  const change = (topology: Topology): Topology => ({
    ...topology,
    docker: { ...topology.docker, ...docker },
  });
  return (cityflow = await CommandLine.create(change, name));
}

test('a network in containers, from nothing to nothing', async (context) => {
  const line = await opened(context, { images: 'embedded' });
  await line.json('up', '--runtime', 'docker', '--detach');
  expect(await line.json<NetworkStatus>('status')).toMatchObject({ state: 'running', runtime: 'docker' });
  expect(await line.json('nodes', 'list')).toContainEqual(expect.objectContaining({ name: peer, drift: [] }));
  expect(await line.json('nodes', 'pause', peer)).toMatchObject({ state: 'paused' });
  expect(await line.json('nodes', 'resume', peer)).toMatchObject({ state: 'running' });
  expect(
    await line.run(['nodes', 'exec', peer, '--', 'node', '-e', 'console.log(1); process.exit(4)']),
  ).toMatchObject({
    stdout: '1\n',
    exitCode: 4,
  });
  expect(await line.json('nodes', 'recreate', peer)).toMatchObject({ state: 'running' });
  expect((await line.run(['logs', peer])).stdout).toContain('SIGTERM');
  expect(await line.json('submit', ...spot)).toMatchObject({ status: 'VALID' });

  // The ledgers are this runtime's, and stay where they are.
  expect(await line.json<{ stopped: number }>('down')).toMatchObject({ stopped: 13 });
  expect(await line.problem('up', '--runtime', 'embedded')).toMatchObject({ code: 'NETWORK_FOREIGN_DATA' });
  expect(await line.json<NetworkStatus>('status')).toMatchObject({ state: 'stopped', runtime: 'docker' });
  await line.json('up', '--detach');
  expect(await line.json('query', ...spot.slice(0, 6), 'GetSpot', 'S1')).toMatchObject({
    result: { spotId: 'S1' },
  });

  const { stdout, stderr } = await line.run(['down', '--purge']);
  expect(stderr).toMatch(/^Stopped 13 nodes\.\nTo be deleted:\n/);
  expect(stderr).toContain(`  volume ${name}_${peer}\n`);
  expect(stdout).toBe('Deleted all of it.\n');
  const { docker } = await localEngine();
  const left = await docker.listContainers({ all: true, filters: { name: [`${name}_`] } });
  expect(left).toEqual([]);
});

const spot = [
  ...['--as', 'ParkingOperator/operator', '--channel', 'parking-channel', '--contract', 'parking'],
  ...['RegisterSpot', 'S1', 'centre', 'street', '250'],
];

test('an image that is nowhere to be had binds the network to nothing', async (context) => {
  const line = await opened(context, { peerImage: 'registry.invalid/nobody/no-peer' });
  const refused = await line.problem('up', '--runtime', 'docker');
  expect(refused).toMatchObject({
    code: 'RUNTIME_UNAVAILABLE',
    title: expect.stringContaining('no-peer') as string,
  });
  expect(refused.sources[0]?.message).toContain('registry.invalid');
  expect(refused.hint).toContain('--runtime embedded');
  await line.json('up', '--runtime', 'embedded', '--detach');
  expect(await line.json<NetworkStatus>('status')).toMatchObject({ state: 'running', runtime: 'embedded' });
});

test('without an engine it is said where one was looked for', async (context) => {
  const line = await opened(context, { images: 'embedded' });
  const socket = path.join(line.home, 'no.sock');
  const { stdout, exitCode } = await line.run(['--json', 'up', '--runtime', 'docker'], {
    DOCKER_HOST: `unix://${socket}`,
  });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('RUNTIME_UNAVAILABLE');
  expect(stdout).toContain(socket);
  expect(existsSync(path.join(line.folder, 'docker.json'))).toBe(false);
});
