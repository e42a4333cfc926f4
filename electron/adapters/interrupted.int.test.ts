import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { missingForNetwork } from '../../network/runtime/testing/city-network';
import { loadTopology } from '../../network/topology/load';
import { withFreePorts } from '../../network/topology/port-offset';
import type { ConsoleClient } from '../api/client';
import { transactionResultSchema, type NodeStatus, type TaskModel } from '../api/models';
import type { OperationName, ReplyOf, RequestOf } from '../api/operations';
import { problemSchema, type Problem } from '../api/problems';
import { createCore } from '../core/core';
import { assemblePorts } from './assemble';

const repository = path.resolve(import.meta.dirname, '../..');
const waiting = { timeout: 60_000, interval: 200 };

const runtimes = [
  { runtime: 'embedded', missing: missingForNetwork(false) },
  { runtime: 'native', missing: missingForNetwork(true) },
] as const;

describe.each(runtimes)('what ends under a transaction, $runtime runtime', ({ runtime, missing }) => {
  let home = '';
  let client: ConsoleClient;
  let close: () => Promise<void> = () => Promise.resolve();

  async function answer<N extends OperationName>(name: N, request: RequestOf<N>): Promise<ReplyOf<N>> {
    const outcome = await client.call(name, request);
    if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.problem)}`);
    return outcome.value;
  }

  /** @param onChange hears of the task each time it has got further */
  async function finished(
    { task }: { readonly task: string },
    onChange: (task: TaskModel) => void = () => undefined,
  ): Promise<TaskModel> {
    let last: TaskModel | undefined;
    await client.subscribe('task', { task }, (events) => {
      last = events.at(-1);
      for (const event of events) onChange(event);
    }).ended;
    if (!last) throw new Error('the task said nothing');
    return last;
  }

  const problemOf = ({ problem }: TaskModel): Problem => problemSchema.parse(problem);

  async function node(name: string): Promise<NodeStatus> {
    const found = (await answer('network.status', {})).nodes.find((one) => one.name.startsWith(`${name}.`));
    if (!found) throw new Error(`no node ${name}`);
    return found;
  }

  let number = 0;
  const register = () => ({
    as: 'ParkingOperator/operator',
    channel: 'parking-channel',
    contract: 'parking',
    function: 'RegisterSpot',
    args: [`SPOT-${++number}`, 'centre', 'street', '250'],
  });
  const run = async (request = register(), onChange?: (task: TaskModel) => void) =>
    finished(await answer('transaction.run', request), onChange);

  /** Answers why a submit failed, if one did, until one is committed. */
  async function untilCommitted(): Promise<Problem[]> {
    const problems: Problem[] = [];
    await expect
      .poll(async () => {
        const task = await run();
        if (task.state !== 'done') problems.push(problemOf(task));
        return task.state;
      }, waiting)
      .toBe('done');
    return problems;
  }

  beforeAll(async () => {
    if (missing !== undefined) return;
    home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-interrupted-'));
    const shipped = await loadTopology(path.join(repository, 'network', 'cityflow.yaml'));
    const topologyFile = path.join(home, 'topology.yaml');
    await writeFile(topologyFile, stringify(await withFreePorts(shipped)));
    const folder = path.join(home, 'networks', 'cityflow');
    const programs = path.join(repository, 'out');
    const { ports, close: closePorts } = await assemblePorts(
      { network: 'cityflow', folder, topologyFile, programs },
      () => Promise.resolve(null),
    );
    const core = createCore(ports, { networkDown: () => undefined });
    client = core.openSession('admin', 'tester');
    close = async () => {
      await client.call('network.down', {});
      core.close();
      await closePorts();
    };
    expect((await finished(await answer('network.up', { runtime }))).state).toBe('done');
    expect((await answer('network.status', {})).state).toBe('running');
  });

  afterAll(async () => {
    await close();
    if (home !== '') await rm(home, { recursive: true, force: true });
  });

  describe.skipIf(missing !== undefined)('with a running network', () => {
    /** Kills the contract's process in the middle of a function; answers why the call failed. */
    async function endedInAFunction(): Promise<Problem> {
      const { operations } = await node('peer0.parkingoperator');
      const proposals = async () => {
        const page = await (await fetch(`http://${operations ?? ''}/metrics`)).text();
        return Number(/^endorser_proposals_received (\d+)$/m.exec(page)?.[1]);
      };
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const { name, pid } = await node('parking');
        if (pid === null) throw new Error('the contract has no process');
        // Held: it has the call and does not answer.
        process.kill(pid, 'SIGSTOP');
        const before = await proposals();
        const underWay = run();
        await expect.poll(proposals, waiting).toBeGreaterThan(before);
        await answer('node.kill', { node: name });
        const problem = problemOf(await underWay);
        if (problem.title !== 'The contract parking is not running.') return problem;
        // The peer had the proposal and had not sent it on yet.
        await answer('node.start', { node: name });
        await untilCommitted();
      }
      throw new Error('no call got as far as the contract');
    }

    test('a contract that ends while it runs a function, and one that does not run, are told by name', async () => {
      const contract = await node('parking');
      const ended = await endedInAFunction();
      const start = `cityflow nodes start ${contract.name}`;
      expect(ended).toMatchObject({
        code: 'ENDORSEMENT_FAILED',
        retryable: true,
        transactionId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
      expect(ended.title).toBe('The contract parking ended while it ran the function.');
      expect(ended.detail).toMatch(/^peer[01]\.parkingoperator\.cityflow\.com/);
      expect(ended.hint).toContain('nothing was committed');
      expect(ended.hint).toContain(start);
      const [source] = ended.sources;
      expect(source).toMatchObject({ organization: 'ParkingOperator', mspId: 'ParkingOperatorMSP' });
      expect(source?.name).toMatch(/^peer[01]\.parkingoperator\.cityflow\.com$/);

      const down = problemOf(await run());
      expect(down).toMatchObject({ title: 'The contract parking is not running.', retryable: true });
      expect(down.hint).toContain(start);
      const asked = await client.call('transaction.evaluate', {
        ...register(),
        function: 'ListSpots',
        args: ['', '10', ''],
      });
      expect(asked).toMatchObject({ ok: false, problem: { title: 'The contract parking is not running.' } });
      await answer('node.start', { node: contract.name });
      await untilCommitted();
    });

    /** Ends nodes in the moment when the orderer has taken the transaction and no block has come yet. */
    async function endedAwaitingBlock(...nodes: readonly string[]): Promise<TaskModel> {
      let ending: Promise<unknown> | undefined;
      const task = await run(register(), ({ steps }) => {
        if (steps.at(-1)?.name !== 'Commit') return;
        ending ??= Promise.all(nodes.map((name) => answer('node.kill', { node: name })));
      });
      await ending;
      return task;
    }

    test('a peer that ends between endorsement and commit: the organization’s other peer tells', async () => {
      const task = await endedAwaitingBlock('peer0.parkingoperator');
      expect(task.state).toBe('done');
      expect(transactionResultSchema.parse(task.result).status).toBe('VALID');
      await answer('node.start', { node: 'peer0.parkingoperator' });
      await untilCommitted();
    });

    test('when no peer of the organization is left to tell, the outcome is unknown, with what to ask', async () => {
      const peers = ['peer0.parkingoperator', 'peer1.parkingoperator'];
      const unknown = problemOf(await endedAwaitingBlock(...peers));
      expect(unknown).toMatchObject({
        code: 'COMMIT_UNKNOWN',
        retryable: false,
        sources: [{ organization: 'ParkingOperator' }],
      });
      expect(unknown.detail).toContain('stopped answering');
      const transactionId = unknown.transactionId ?? '';
      expect(unknown.hint).toContain(`cityflow tx parking-channel ${transactionId}`);
      for (const peer of peers) await answer('node.start', { node: peer });
      const outcome = async () =>
        client.call('ledger.transaction', { channel: 'parking-channel', transactionId });
      await expect.poll(outcome, waiting).toMatchObject({ ok: true, value: { status: 'VALID' } });
    });

    test('a log that is followed outlives its node: no line is lost, none comes twice', async () => {
      const name = 'peer1.parkingoperator';
      const lines: { line: string; position: string; gap?: string | undefined }[] = [];
      const following = client.subscribe('node.logs', { node: name, follow: true, tail: 5 }, (events) =>
        lines.push(...events),
      );
      await expect.poll(() => lines.length, waiting).toBeGreaterThanOrEqual(5);
      await answer('node.kill', { node: name });
      const before = lines.length;
      await answer('node.start', { node: name });
      await untilCommitted();
      const committed = () => lines.slice(before).some(({ line }) => line.includes('Committed block'));
      await expect.poll(committed, waiting).toBe(true);
      following.close();
      const kept: typeof lines = [];
      const { position = '' } = lines[0] ?? {};
      await client.subscribe('node.logs', { node: name, follow: false, tail: 0, after: position }, (events) =>
        kept.push(...events),
      ).ended;
      const positions = lines.map((line) => line.position);
      expect(new Set(positions).size).toBe(positions.length);
      expect(positions.slice(1)).toEqual(kept.slice(0, positions.length - 1).map((line) => line.position));
      expect(lines.filter(({ gap }) => gap !== undefined)).toEqual([]);
    });

    test('an orderer that does not run is named, and nothing is said to be under way', async () => {
      await untilCommitted();
      await answer('node.stop', { node: 'orderer' });
      expect(problemOf(await run())).toMatchObject({
        code: 'SUBMIT_FAILED',
        title: 'The orderer orderer.cityflow.com does not answer.',
        hint: expect.stringContaining('cityflow nodes start orderer.cityflow.com') as string,
        retryable: true,
        sources: [{ name: 'orderer.cityflow.com', organization: 'Orderer' }],
      });
      await answer('node.start', { node: 'orderer' });
      expect((await answer('network.status', {})).state).toBe('running');
      // Until its group has a leader again it answers, and takes nothing.
      for (const { code, retryable } of await untilCommitted()) {
        expect({ code, retryable }).toEqual({ code: 'SUBMIT_FAILED', retryable: true });
      }
    });

    test('of two that change one spot at once, the loser is told the key and the winner', async () => {
      const created = register();
      await run(created);
      const [spot = ''] = created.args;
      const change = (rate: string) => ({
        ...created,
        function: 'UpdateSpot',
        args: [spot, 'centre', 'street', rate],
      });
      const tasks = await Promise.all(['300', '350', '400'].map((rate) => run(change(rate))));
      const winners = tasks.filter(({ state }) => state === 'done');
      const losers = tasks.filter(({ state }) => state === 'failed').map(problemOf);
      expect([winners.length, losers.length]).toEqual([1, 2]);
      const { transactionId, blockNumber } = transactionResultSchema.parse(winners[0]?.result);
      for (const loser of losers) {
        expect(loser).toMatchObject({
          code: 'TRANSACTION_INVALID',
          retryable: true,
          validation: {
            status: 'MVCC_READ_CONFLICT',
            conflict: {
              kind: 'key',
              namespace: 'parking',
              collection: null,
              writer: { transactionId, blockNumber },
            },
          },
        });
        expect(loser.validation?.conflict?.key).toContain(spot);
        expect(Number(loser.validation?.conflict?.read?.blockNumber)).toBeLessThan(Number(blockNumber));
        expect(loser.title).toMatch(new RegExp(`^Someone changed .*${spot} of parking first`));
        expect(loser.detail).toContain(transactionId);
      }
    });

    test('who endorsed and who had to is said of a transaction that the policy refused', async () => {
      const task = await run({ ...register(), ...{ endorsingOrganizations: ['ParkingOperatorMSP'] } });
      expect(problemOf(task)).toMatchObject({
        title: 'ParkingOperator and (UserService or CityManagement) must endorse. Only ParkingOperator did.',
        validation: { status: 'ENDORSEMENT_POLICY_FAILURE' },
      });
    });

    test('peers that the policy needs and that are down are named', async () => {
      const others = ['userservice', 'citymanagement'].flatMap((name) => [`peer0.${name}`, `peer1.${name}`]);
      for (const peer of others) await answer('node.kill', { node: peer });
      const problem = problemOf(await run());
      expect(problem).toMatchObject({ code: 'ENDORSEMENT_FAILED', retryable: true });
      expect(problem.detail).toMatch(/do(es)? not answer/);
      expect(problem.hint).toMatch(/cityflow nodes start peer[01]\.(userservice|citymanagement)/);
      for (const peer of others) await answer('node.start', { node: peer });
    });
  });
});
