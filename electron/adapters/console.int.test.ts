import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { missingEngine } from '../../network/runtime/docker/testing/engine';
import { missingForNetwork } from '../../network/runtime/testing/city-network';
import { loadTopology } from '../../network/topology/load';
import { withFreePorts } from '../../network/topology/port-offset';
import type { ConsoleClient } from '../api/client';
import type { Examination } from '../api/connect-models';
import type { NetworkStatus, TaskModel } from '../api/models';
import type { OperationName, ReplyOf, RequestOf } from '../api/operations';
import { createCore } from '../core/core';
import { assemblePorts } from './assemble';

const repository = path.resolve(import.meta.dirname, '../..');
const missing = missingForNetwork(false);
const peer0 = 'peer0.parkingoperator.cityflow.com';

let home = '';
let client: ConsoleClient;
let close: () => Promise<void> = () => Promise.resolve();

async function answer<N extends OperationName>(name: N, request: RequestOf<N>): Promise<ReplyOf<N>> {
  const outcome = await client.call(name, request);
  if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

/** The task when it is over. */
async function finished({ task }: { readonly task: string }): Promise<TaskModel> {
  let last: TaskModel | undefined;
  const subscription = client.subscribe('task', { task }, (events) => (last = events.at(-1)));
  await subscription.ended;
  if (!last) throw new Error('the task said nothing');
  return last;
}

const parking = (as: string) => ({
  as,
  channel: 'parking-channel',
  contract: 'parking',
  function: 'GetAllSpots',
  args: [],
});

beforeAll(async () => {
  if (missing !== undefined) return;
  home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-console-'));
  const shipped = await loadTopology(path.join(repository, 'network', 'cityflow.yaml'));
  const topologyFile = path.join(home, 'topology.yaml');
  await writeFile(topologyFile, stringify(await withFreePorts(shipped)));
  const { ports, close: closePorts } = await assemblePorts(
    {
      network: 'cityflow',
      folder: path.join(home, 'networks', 'cityflow'),
      topologyFile,
      programs: path.join(repository, 'out'),
    },
    (folder) => Promise.resolve(path.basename(folder) === 'cityflow' ? 4711 : null),
  );
  const core = createCore(ports, { networkDown: () => undefined });
  client = core.openSession('admin', 'tester');
  close = async () => {
    await client.call('network.down', {});
    core.close();
    await closePorts();
    await rm(home, { recursive: true, force: true });
  };
  expect((await finished(await answer('network.up', {}))).state).toBe('done');
});

afterAll(() => close());

test.skipIf(missing !== undefined)('a node is shown whole, without secrets', async () => {
  const node = await answer('node.show', { node: peer0 });
  expect(node).toMatchObject({ state: 'running', restarts: 0, logLevel: { spec: 'info', returns: null } });
  expect(node.runningSince).not.toBeNull();
  expect(node.ports.map(({ purpose }) => purpose)).toEqual(['grpc', 'chaincode', 'operations']);
  expect(node.environment['CORE_PEER_LOCALMSPID']).toBe('ParkingOperatorMSP');
  expect(node.certificates.map(({ use }) => use)).toEqual(['identity', 'tls']);
  expect(node.certificates[1]?.hosts).toContain('localhost');
  expect(node.channels.map(({ name }) => name)).toEqual([
    'parking-channel',
    'user-channel',
    'wallet-channel',
  ]);
  const contract = await answer('node.show', { node: 'parking' });
  expect(contract.environment['CHAINCODE_ID']).toMatch(/^parking_1\.0:[0-9a-f]{64}$/);
  expect(contract.logLevel).toBeNull();
});

test.skipIf(missing !== undefined)('a log level goes back by itself', async () => {
  const set = await answer('node.setLogLevel', { node: peer0, spec: 'debug', returnAfterSeconds: 1 });
  expect(set).toMatchObject({ spec: 'debug', returns: { to: 'info' } });
  await expect
    .poll(() => answer('node.logLevel', { node: peer0 }), { timeout: 5_000 })
    .toEqual({ spec: 'info', returns: null });
  const refused = await client.call('node.setLogLevel', { node: peer0, spec: 'loud' });
  expect(refused).toMatchObject({ ok: false, problem: { code: 'BAD_REQUEST' } });
});

test.skipIf(missing !== undefined)('an issued identity runs a transaction in four stages', async () => {
  const issued = await answer('identity.issue', {
    organization: 'parkingoperator',
    name: 'night-shift',
    attributes: { role: 'operator' },
  });
  expect(issued).toMatchObject({
    id: 'ParkingOperator/night-shift',
    role: 'client',
    attributes: { role: 'operator' },
    source: 'issued',
    problem: null,
    channels: ['user-channel', 'parking-channel', 'wallet-channel'],
  });
  const stored = await readFile(
    path.join(home, 'wallet', 'cityflow', 'ParkingOperator_night-shift.json'),
    'utf8',
  );
  expect(stored).not.toContain('PRIVATE KEY');
  expect((await stat(path.join(home, 'wallet', 'key'))).mode & 0o777).toBe(0o600);

  const contract = await answer('contract.show', { contract: 'parking' });
  const names = contract.functions?.map(({ name }) => name) ?? [];
  expect(names).toContain('RegisterSpot');
  const started = await answer('transaction.run', {
    ...parking('ParkingOperator/night-shift'),
    function: 'RegisterSpot',
    args: ['{"nonsense":true}'],
  });
  const run = await finished(started);
  expect(run).toMatchObject({ state: 'failed', problem: { code: 'CONTRACT_REFUSED' } });
  expect(run.steps.map(({ name, state }) => [name, state])).toEqual([
    ['Proposal', 'done'],
    ['Endorse', 'failed'],
  ]);
  const history = await answer('transaction.history', { channel: 'parking-channel' });
  expect(history[0]).toMatchObject({ kind: 'submit', outcome: 'CONTRACT_REFUSED', function: 'RegisterSpot' });
  const { entries } = await answer('audit.list', { operation: 'transaction.run' });
  expect(entries.map(({ outcome, user, identity }) => [outcome, user, identity])).toEqual([
    ['CONTRACT_REFUSED', 'tester', 'ParkingOperator/night-shift'],
    ['STARTED', 'tester', 'ParkingOperator/night-shift'],
  ]);
});

test.skipIf(missing !== undefined)('what would break is computed from policies and who is up', async () => {
  const orderer = await answer('node.impact', { node: 'orderer', action: 'stop' });
  expect(orderer.effects.map(({ effect }) => effect)).toEqual(['breaks', 'breaks', 'breaks', 'breaks']);
  const one = await answer('node.impact', { node: peer0, action: 'stop' });
  expect(one.effects.find(({ contract }) => contract === 'parking')?.effect).toBe('weakens');
  await answer('node.stop', { node: 'peer1.parkingoperator.cityflow.com' });
  const last = await answer('node.impact', { node: peer0, action: 'stop' });
  expect(last.effect).toBe('breaks');
  expect(Object.fromEntries(last.effects.map(({ contract, effect }) => [contract, effect]))).toEqual({
    user: 'weakens',
    parking: 'breaks',
    wallet: 'weakens',
  });
  await answer('node.start', { node: 'peer1.parkingoperator.cityflow.com' });
});

test.skipIf(missing !== undefined)('a stopped node is seen within a second', async () => {
  const seen: NetworkStatus[] = [];
  const live = client.subscribe('network.status', {}, (events) => seen.push(...events));
  await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const stateOf = (status: NetworkStatus | undefined) =>
    status?.nodes.find(({ name }) => name === peer0)?.state;
  expect(stateOf(seen.at(-1))).toBe('running');
  const killing = answer('node.kill', { node: peer0 });
  await expect.poll(() => stateOf(seen.at(-1)), { timeout: 3_000, interval: 20 }).toBe('killed');
  await killing;
  await answer('node.start', { node: peer0 });
  await expect.poll(() => stateOf(seen.at(-1)), { timeout: 10_000 }).toBe('running');
  live.close();
  // It did not end by itself.
  expect((await answer('node.show', { node: peer0 })).lastExit).toBeNull();
});

const problemsOf = ({ nodes }: Examination) =>
  nodes.flatMap(({ node, checks }) =>
    checks
      .filter(({ outcome }) => outcome === 'failed' || outcome === 'warning')
      .map((check) => [node, check]),
  );

test.skipIf(missing !== undefined)('the doctor finds every node of a sound network sound', async () => {
  const examination = await answer('network.doctor', {});
  expect(problemsOf(examination)).toEqual([]);
  expect(examination.nodes).toHaveLength(13);
  const outcomes = (wanted: string) =>
    examination.nodes.find(({ node }) => node === wanted)?.checks.map(({ outcome }) => outcome);
  expect(outcomes(peer0)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  expect(outcomes('orderer.cityflow.com')).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  const contract = examination.nodes.find(({ role }) => role === 'contract');
  expect(contract?.checks.map(({ check, outcome }) => [check, outcome])).toEqual([
    ['name', 'ok'],
    ['port', 'ok'],
    ['tls', 'ok'],
    ['certificate', 'ok'],
    ['msp', 'skipped'],
    ['rights', 'skipped'],
    ['clock', 'skipped'],
  ]);
});

test.skipIf(missing !== undefined)(
  'the doctor names the program that has a stopped node’s port',
  async () => {
    await answer('node.stop', { node: peer0 });
    const [stopped] = (await answer('network.doctor', { nodes: [peer0] })).nodes;
    expect(stopped?.checks.map(({ outcome }) => outcome)).toEqual([
      'ok',
      'ok',
      'skipped',
      'ok',
      'ok',
      'skipped',
      'skipped',
    ]);
    const squatter = net.createServer().listen(Number(stopped?.address.split(':')[1]), '127.0.0.1');
    await once(squatter, 'listening');
    const taken = await answer('network.doctor', { nodes: [peer0] });
    expect(problemsOf(taken)).toMatchObject([[peer0, { check: 'port', outcome: 'failed' }]]);
    expect(taken.nodes[0]?.checks[1]?.said).toContain(`process ${process.pid}`);
    await new Promise((resolve) => squatter.close(resolve));
    await answer('node.start', { node: peer0 });
  },
);

test.skipIf(missing !== undefined)('networks of this home are listed, and what can run them', async () => {
  await mkdir(path.join(home, 'networks', 'other'));
  const networks = await answer('network.list', {});
  expect(networks).toMatchObject([
    { name: 'cityflow', isCurrent: true, supervisor: 4711, ledgersBy: 'embedded' },
    { name: 'other', isCurrent: false, supervisor: null, ledgersBy: null },
  ]);
  const runtimes = await answer('runtime.list', {});
  expect(runtimes.map(({ name }) => name)).toEqual(['embedded', 'native', 'docker']);
  expect(runtimes[0]?.isAvailable).toBe(true);
  expect(runtimes.at(-1)?.isAvailable).toBe((await missingEngine()) === undefined);
});

test.skipIf(missing !== undefined)('metrics of every node are read and kept', async () => {
  await expect
    .poll(
      async () => {
        const { series } = await answer('metrics.series', { names: ['height'] });
        return series.length;
      },
      { timeout: 30_000, interval: 1_000 },
    )
    .toBe(30);
  const answered = await answer('metrics.series', {
    names: ['height', 'lag', 'gossip.known', 'raft.leader', 'cpu', 'memory', 'shim', 'commit.p95'],
  });
  const named = (name: string) => answered.series.filter((one) => one.name === name);
  expect(named('lag')).toHaveLength(26);
  expect(named('raft.leader').map(({ values }) => values.at(-1) ?? values.at(-2))).toEqual([1, 1, 1, 1]);
  expect(named('memory')).toHaveLength(13);
  expect(
    new Set(answered.absent.filter(({ name }) => name === 'gossip.known').map(({ reason }) => reason)),
  ).toEqual(new Set(['not-offered']));
});

test.skipIf(missing !== undefined)('logs are searched on all nodes at once', async () => {
  const found = await answer('logs.search', { text: 'parking-channel', limit: 5 });
  expect(found.nodes.filter(({ matches }) => matches > 0).length).toBeGreaterThan(5);
  expect(found.truncated).toBe(true);
  const times = found.matches.flatMap(({ at }) => at ?? []);
  expect(times).toEqual([...times].sort());
});
