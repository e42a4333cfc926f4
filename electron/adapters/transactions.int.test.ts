import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { missingForNetwork } from '../../network/runtime/testing/city-network';
import { loadTopology } from '../../network/topology/load';
import { withFreePorts } from '../../network/topology/port-offset';
import type { ConsoleClient } from '../api/client';
import type { TaskModel } from '../api/models';
import type { OperationName, ReplyOf, RequestOf } from '../api/operations';
import { createCore } from '../core/core';
import { assemblePorts } from './assemble';

const repository = path.resolve(import.meta.dirname, '../..');
const missing = missingForNetwork(false);

let home = '';
let client: ConsoleClient;
let close: () => Promise<void> = () => Promise.resolve();

async function answer<N extends OperationName>(name: N, request: RequestOf<N>): Promise<ReplyOf<N>> {
  const outcome = await client.call(name, request);
  if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

async function finished({ task }: { readonly task: string }): Promise<TaskModel> {
  let last: TaskModel | undefined;
  await client.subscribe('task', { task }, (events) => (last = events.at(-1))).ended;
  if (!last) throw new Error('the task said nothing');
  return last;
}

async function openCore(topologyFile: string): Promise<void> {
  const { ports, close: closePorts } = await assemblePorts(
    {
      network: 'cityflow',
      folder: path.join(home, 'networks', 'cityflow'),
      topologyFile,
      programs: path.join(repository, 'out'),
    },
    () => Promise.resolve(null),
  );
  const core = createCore(ports, { networkDown: () => undefined });
  client = core.openSession('admin', 'tester');
  close = async () => {
    await client.call('network.down', {});
    core.close();
    await closePorts();
  };
}

beforeAll(async () => {
  if (missing !== undefined) return;
  home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-transactions-'));
  const shipped = await loadTopology(path.join(repository, 'network', 'cityflow.yaml'));
  const topologyFile = path.join(home, 'topology.yaml');
  await writeFile(topologyFile, stringify(await withFreePorts(shipped)));
  await openCore(topologyFile);
  expect((await finished(await answer('network.up', {}))).state).toBe('done');
});

afterAll(async () => {
  await close();
  if (home !== '') await rm(home, { recursive: true, force: true });
});

/** Connections that each peer has taken since it started, as it counts them itself. */
async function connectionsTaken(): Promise<Record<string, number>> {
  const { nodes } = await answer('network.status', {});
  const counts = nodes
    .filter(({ role }) => role === 'peer')
    .map(async ({ name, operations }): Promise<[string, number]> => {
      const page = await (await fetch(`http://${operations ?? ''}/metrics`)).text();
      return [name, Number(/^grpc_comm_conn_opened (\d+)$/m.exec(page)?.[1])];
    });
  return Object.fromEntries(await Promise.all(counts));
}

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;

const listSpots = (as: string) => ({
  as,
  channel: 'parking-channel',
  contract: 'parking',
  function: 'ListSpots',
  args: ['', '10', ''],
});

describe.skipIf(missing !== undefined)('transactions of a running network', () => {
  test('acting as anybody else opens no connection, not even to a peer that is used for the first time', async () => {
    // The network has just been started: no identity has evaluated anything yet, and every node was asked for its state.
    const before = await connectionsTaken();
    expect(Object.keys(before)).toHaveLength(8);
    for (const count of Object.values(before)) expect(count).toBeGreaterThan(0);
    const identities = await answer('identity.list', {});
    const members = identities.filter(({ channels }) => channels.includes('parking-channel'));
    expect(new Set(members.map(({ organization }) => organization)).size).toBe(3);
    const took = { switched: [] as number[], same: [] as number[] };
    const timed = async (into: number[], id: string) => {
      const began = performance.now();
      await answer('transaction.evaluate', listSpots(id));
      into.push(performance.now() - began);
    };
    for (const { id } of [...members, ...members.toReversed()]) {
      await timed(took.switched, id);
      await timed(took.same, id);
    }
    expect(await connectionsTaken()).toEqual(before);
    // However busy this machine is: after a switch a call takes no longer than without one.
    expect(median(took.switched)).toBeLessThan(2 * median(took.same) + 50);
  });

  test('an identity of an organization outside of the channel is refused in words', async () => {
    const outcome = await client.call('transaction.evaluate', listSpots('ChargingStation/operator'));
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'ACCESS_DENIED', title: 'ChargingStationMSP is no member of parking-channel.' },
    });
  });

  test('a contract’s functions arrive with everything their metadata says', async () => {
    const { functions, noFunctions } = await answer('contract.show', { contract: 'parking' });
    expect(noFunctions).toBeNull();
    expect(functions?.find(({ name }) => name === 'RegisterSpot')).toMatchObject({
      call: 'RegisterSpot',
      kind: 'submit',
      description: 'Registers a spot',
      parameters: [
        {
          name: 'spotId',
          schema: { type: 'string', maxLength: 64, pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]*$' },
        },
        { name: 'zone' },
        { name: 'kind' },
        {
          name: 'hourlyRateCents',
          schema: { type: 'number', minimum: 1, maximum: 100_000_000, multipleOf: 1 },
        },
      ],
      returns: { title: 'Spot', type: 'object', properties: { status: { type: 'string' } } },
    });
    const page = functions?.find(({ name }) => name === 'ListSpots')?.returns;
    expect(page?.properties?.['records']?.items).toMatchObject({ title: 'Spot', type: 'object' });
  });

  test('who must endorse is known, and that they can', async () => {
    expect(await answer('contract.endorsement', { contract: 'parking' })).toMatchObject({
      sufficient: [
        ['ParkingOperatorMSP', 'UserServiceMSP'],
        ['ParkingOperatorMSP', 'CityManagementMSP'],
      ],
      canBeMet: true,
    });
  });

  test('a committed transaction names who endorsed it, as its block does', async () => {
    const task = await finished(
      await answer('transaction.run', {
        ...listSpots('ParkingOperator/operator'),
        function: 'RegisterSpot',
        args: ['SPOT-1', 'centre', 'street', '250'],
      }),
    );
    expect(task).toMatchObject({
      state: 'done',
      title: 'RegisterSpot of parking as ParkingOperator/operator',
      result: { status: 'VALID', endorsement: { responseStatus: 200 } },
    });
    const [record] = await answer('transaction.history', {});
    const transactionId = record?.transactionId ?? '';
    const { endorsement } = await answer('ledger.transaction', { channel: 'parking-channel', transactionId });
    expect(task.result).toMatchObject({ endorsement });
    expect(endorsement?.endorsers).toHaveLength(2);
    expect(endorsement?.endorsers).toContainEqual({
      mspId: 'ParkingOperatorMSP',
      name: expect.stringMatching(/^peer[01]\.parkingoperator\.cityflow\.com$/) as string,
    });
    const times = task.steps.map(({ durationMs }) => durationMs ?? 0);
    expect(times).toHaveLength(4);
    for (const time of times) expect(time).toBeGreaterThan(0);
  });

  test('endorsers that the policy does not accept are ordered and found invalid', async () => {
    const task = await finished(
      await answer('transaction.run', {
        ...listSpots('ParkingOperator/operator'),
        function: 'RegisterSpot',
        args: ['SPOT-2', 'centre', 'street', '250'],
        endorsingOrganizations: ['ParkingOperatorMSP'],
      }),
    );
    expect(task).toMatchObject({
      state: 'failed',
      problem: { code: 'TRANSACTION_INVALID', validation: { status: 'ENDORSEMENT_POLICY_FAILURE' } },
    });
  });

  test('a contract that dies is said not to run, and can still be called by name', async () => {
    await answer('node.kill', { node: 'parking' });
    const { functions, noFunctions } = await answer('contract.show', { contract: 'parking' });
    expect(functions).toBeNull();
    expect(noFunctions).toContain('The contract parking is not running.');
    expect(await answer('contract.endorsement', { contract: 'parking' })).toMatchObject({ canBeMet: false });
    const task = await finished(
      await answer('transaction.run', {
        ...listSpots('ParkingOperator/operator'),
        function: 'RegisterSpot',
        args: ['SPOT-3', 'centre', 'street', '250'],
      }),
    );
    expect(task).toMatchObject({ state: 'failed', problem: { code: 'ENDORSEMENT_FAILED', retryable: true } });
    await answer('node.start', { node: 'parking' });
    await expect
      .poll(async () => (await answer('contract.show', { contract: 'parking' })).noFunctions, {
        timeout: 30_000,
        interval: 500,
      })
      .toBeNull();
  });
});
