import { readFile, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BlockSummary, NetworkStatus, NodeStatus, TransactionResult, Verification } from '../api/models';
import { CommandLine } from './testing/command-line';

let cityflow: CommandLine;

beforeAll(async () => {
  cityflow = await CommandLine.create();
  await cityflow.json('up', '--detach');
});
afterAll(() => cityflow.close());

const status = () => cityflow.json<NetworkStatus>('status');
const asOperator = (...rest: string[]) => [
  '--as',
  'parkingoperator/operator',
  '--channel',
  'parking-channel',
  '--contract',
  'parking',
  ...rest,
];
let lastSpot = 0;
const newSpot = () => `SPOT-${(lastSpot += 1)}`;
const registerSpot = (spot: string) =>
  cityflow.json<TransactionResult>('submit', ...asOperator('RegisterSpot', spot, 'centre', 'street', '250'));

describe('a network that is ready', () => {
  test('shows its nodes, channels and contracts', async () => {
    const value = await status();
    expect(value).toMatchObject({ network: 'cityflow', runtime: 'embedded', state: 'running' });
    expect(value.nodes.filter(({ role }) => role === 'peer')).toHaveLength(8);
    expect(value.nodes.filter(({ role }) => role === 'orderer')).toHaveLength(1);
    expect(value.nodes.map(({ health }) => health)).toEqual(
      value.nodes.map(() => ({ status: 'ok', reasons: [] })),
    );
    expect(
      value.nodes.filter(({ role }) => role === 'peer').flatMap(({ channels }) => channels),
    ).toHaveLength(26);
    expect(value.channels.map(({ name, contract }) => [name, contract])).toEqual(
      ['user', 'parking', 'charging', 'wallet'].map((name) => [
        `${name}-channel`,
        { name, version: '1.0', sequence: '1' },
      ]),
    );
  });

  test('keeps folders with keys to their owner', async () => {
    for (const folder of [cityflow.folder, path.join(cityflow.folder, 'organizations')]) {
      expect((await stat(folder)).mode & 0o077).toBe(0);
    }
    expect((await stat(path.join(cityflow.folder, 'supervisor.sock'))).mode & 0o077).toBe(0);
  });

  test('plays the demo, again and again', async () => {
    for (let run = 0; run < 2; run += 1) {
      expect((await cityflow.json<{ steps: number }>('demo')).steps).toBeGreaterThan(30);
    }
  });

  test('submits and shows the transaction and its block', async () => {
    const spot = newSpot();
    const submitted = await registerSpot(spot);
    expect(submitted).toMatchObject({
      status: 'VALID',
      code: 0,
      result: { spotId: spot, hourlyRateCents: 250 },
    });
    const [block] = await cityflow.json<BlockSummary[]>(
      'blocks',
      'parking-channel',
      '--from',
      submitted.blockNumber,
      '--to',
      submitted.blockNumber,
    );
    expect(block?.transactions).toContainEqual(
      expect.objectContaining({
        transactionId: submitted.transactionId,
        status: 'VALID',
        contract: 'parking',
        function: 'RegisterSpot',
        creatorMspId: 'ParkingOperatorMSP',
      }),
    );
    expect(await cityflow.json('tx', 'parking-channel', submitted.transactionId)).toMatchObject({
      transactionId: submitted.transactionId,
      blockNumber: submitted.blockNumber,
      status: 'VALID',
      code: 0,
      actions: [
        {
          contract: { name: 'parking' },
          namespaces: expect.arrayContaining([
            expect.objectContaining({
              name: 'parking',
              writes: expect.arrayContaining([
                expect.objectContaining({ before: { kind: 'absent' } }),
              ]) as unknown,
            }),
          ]) as unknown,
        },
      ],
    });
    expect(await cityflow.json('blocks', 'parking-channel', block?.headerHash ?? '')).toMatchObject({
      number: submitted.blockNumber,
      readFrom: expect.stringContaining('peer') as string,
    });
    expect(await cityflow.json('query', ...asOperator('GetSpot', spot))).toMatchObject({
      result: { spotId: spot },
    });
  });

  test('goes on through peer1 while peer0 of the organization is stopped, and peer0 catches up', async () => {
    const stopped = await cityflow.json<NodeStatus>('nodes', 'stop', 'peer0.parkingoperator');
    expect(stopped.state).toBe('stopped');
    await registerSpot(newSpot());
    expect((await status()).state).toBe('degraded');
    await cityflow.json('nodes', 'start', 'peer0.parkingoperator');
    const { height } = (await status()).channels.find(({ name }) => name === 'parking-channel') ?? {};
    await expect
      .poll(
        async () =>
          (await status()).nodes
            .find(({ name }) => name.startsWith('peer0.parkingoperator'))
            ?.channels.find(({ name }) => name === 'parking-channel')?.height,
        { timeout: 20_000, interval: 200 },
      )
      .toBe(height);
    const { ok, problems, report } = await cityflow.json<Verification>('verify', 'parking-channel');
    expect({ ok, problems }).toEqual({ ok: true, problems: [] });
    const found = (name: string) => report.checks.find(({ check }) => check === name);
    expect(found('validation code')).toMatchObject({ holds: Number(report.transactions), fails: 0 });
    expect(found('commit hash')).toMatchObject({ holds: Number(report.blocks) - 1, notCheckable: 1 });
    // Remembered when it was verified first.
    expect((await cityflow.json<Verification>('verify', 'parking-channel')).report.checks).toContainEqual(
      expect.objectContaining({ check: 'genesis hash', holds: 1 }),
    );
  });

  test('says what is wrong with a channel that a peer does not answer for', async () => {
    await cityflow.json('nodes', 'kill', 'peer1.citymanagement');
    const { exitCode, stdout } = await cityflow.run(['--json', 'verify', 'charging-channel']);
    expect(exitCode).toBe(1);
    const verification = JSON.parse(stdout) as Verification;
    expect(verification.ok).toBe(false);
    expect(verification.problems[0]).toMatchObject({ check: 'peer answers' });
    await cityflow.json('nodes', 'start', 'peer1.citymanagement');
  });

  test('is attached to by a second up', async () => {
    const { exitCode, stderr } = await cityflow.run(['up', '--detach']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('run by another process already');
  });

  test('prints the log of a node and of a contract', async () => {
    for (const node of ['orderer', 'parking']) {
      const { lines } = await cityflow.json<{ lines: string[] }>('logs', node, '--tail', '5');
      expect(lines.length).toBeGreaterThan(0);
    }
  });

  test('exports what genuine commands and SDKs need', async () => {
    const { variables } = await cityflow.json<{ variables: Record<string, string> }>(
      'env',
      'UserService/Admin',
    );
    expect(variables['CORE_PEER_LOCALMSPID']).toBe('UserServiceMSP');
    await stat(path.join(variables['FABRIC_CFG_PATH'] ?? '', 'core.yaml'));
    await stat(variables['CORE_PEER_TLS_ROOTCERT_FILE'] ?? '');
    const profile = await cityflow.json<{ peers: object }>('profile', 'export', 'UserService');
    expect(Object.keys(profile.peers)).toHaveLength(2);
  });

  test('shows a contract with the functions it describes', async () => {
    const contract = await cityflow.json<{
      functions: { name: string; kind: string; parameters: { name: string }[] }[];
    }>('contracts', 'show', 'parking');
    const register = contract.functions.find(({ name }) => name === 'RegisterSpot');
    expect(register).toMatchObject({ kind: 'submit' });
    expect(register?.parameters.map(({ name }) => name)).toEqual([
      'spotId',
      'zone',
      'kind',
      'hourlyRateCents',
    ]);
  });
});

describe('wrong calls are answered in words', () => {
  test.each([
    ['an unknown node', ['nodes', 'stop', 'peer9'], 'UNKNOWN_NODE'],
    ['a node name that fits several', ['nodes', 'stop', 'peer0'], 'UNKNOWN_NODE'],
    ['an unknown channel', ['channels', 'show', 'nowhere'], 'UNKNOWN_CHANNEL'],
    ['an unknown contract', ['contracts', 'show', 'nothing'], 'UNKNOWN_CONTRACT'],
    ['an unknown identity', ['env', 'UserService/nobody'], 'UNKNOWN_IDENTITY'],
    ['a block beyond the tip', ['blocks', 'user-channel', '--from', '100000'], 'BLOCK_NOT_FOUND'],
    ['an unknown transaction', ['tx', 'user-channel', 'abc'], 'TRANSACTION_NOT_FOUND'],
    ['a position that a block does not have', ['tx', 'user-channel', '0:7'], 'TRANSACTION_NOT_FOUND'],
    ['a block beyond the tip', ['blocks', 'user-channel', '18446744073709551615'], 'BLOCK_NOT_FOUND'],
    ['a hash that no block has', ['blocks', 'user-channel', 'ff'.repeat(32)], 'BLOCK_NOT_FOUND'],
    ['what names no block', ['blocks', 'user-channel', 'latest'], 'BAD_REQUEST'],
  ])('%s', async (_name, args, code) => {
    const problem = await cityflow.problem(...args);
    expect(problem.code).toBe(code);
    expect(problem.hint).not.toBe('');
  });

  test.each([
    ['an unknown function', ['NoSuchFunction'], /NoSuchFunction/],
    ['too few arguments', ['RegisterSpot', 'SPOT-X'], /argument/i],
    [
      'an argument of the wrong type',
      ['RegisterSpot', 'SPOT-X', 'centre', 'street', 'cheap'],
      /hourlyRateCents/,
    ],
    ['a record that is not there', ['UpdateSpot', 'SPOT-NONE', 'centre', 'street', '1'], /SPOT_NOT_FOUND/],
  ])('%s', async (_name, call, words) => {
    const problem = await cityflow.problem('submit', ...asOperator(...call));
    expect(problem.code).toBe('CONTRACT_REFUSED');
    expect(problem.detail).toMatch(words);
    expect(problem.sources.length).toBeGreaterThan(0);
  });

  test('an identity of an organization that is no member of the channel', async () => {
    const problem = await cityflow.problem(
      'query',
      '--as',
      'ChargingStation/operator',
      '--channel',
      'parking-channel',
      '--contract',
      'parking',
      'GetSpot',
      'SPOT-1',
    );
    expect(problem.code).toBe('ACCESS_DENIED');
  });

  test('an oversized argument, and the network goes on', async () => {
    const file = path.join(cityflow.home, 'large');
    await writeFile(file, 'x');
    const problem = await cityflow.problem(
      'submit',
      ...asOperator('RegisterSpot', 'S'.repeat(100_000), 'centre', 'street', '1'),
    );
    expect(problem.code).toBe('CONTRACT_REFUSED');
    await registerSpot(newSpot());
  });

  test('wrong usage ends with 2 and says how it is used', async () => {
    for (const args of [['nonsense'], ['submit', 'RegisterSpot'], ['logs', 'orderer', '--tail', 'many']]) {
      const { exitCode, stderr } = await cityflow.run(args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('--help');
    }
  });
});

describe('stopping', () => {
  test('keeps everything, and the next start resumes with it', async () => {
    const spot = newSpot();
    const { blockNumber } = await registerSpot(spot);
    await cityflow.json('down');
    expect((await status()).state).toBe('stopped');
    expect(await cityflow.problem('contracts', 'list')).toMatchObject({ code: 'NETWORK_NOT_RUNNING' });
    const resumed = await cityflow.json<NetworkStatus>('up', '--detach');
    const channel = resumed.channels.find(({ name }) => name === 'parking-channel');
    expect(Number(channel?.height)).toBeGreaterThan(Number(blockNumber));
    expect(await cityflow.json('query', ...asOperator('GetSpot', spot))).toMatchObject({
      result: { spotId: spot },
    });
  });

  test('a port that is taken is named with the process that holds it, and nothing is started', async () => {
    await cityflow.json('down');
    const port = cityflow.topology.contracts[0]?.port ?? 0;
    const squatter = net.createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const problem = await cityflow.problem('up', '--detach');
    expect(problem.code).toBe('PORT_TAKEN');
    expect(problem.title).toContain(String(port));
    expect(problem.detail).toContain(String(process.pid));
    await new Promise((resolve) => squatter.close(resolve));
    expect((await status()).nodes.every(({ state }) => state === 'stopped')).toBe(true);
  });

  test('data of embedded nodes is not opened by genuine ones', async ({ skip }) => {
    if (!process.env['FABRIC_BIN']) skip('genuine Fabric binaries not found: set FABRIC_BIN');
    expect((await cityflow.problem('up', '--detach', '--runtime', 'native')).code).toBe(
      'NETWORK_FOREIGN_DATA',
    );
  });

  test('purging deletes keys and ledgers and names them', async () => {
    const { deleted } = await cityflow.json<{ deleted: string[] }>('down', '--purge');
    expect(deleted.map((entry) => path.basename(entry))).toEqual(
      expect.arrayContaining(['data', 'genesis', 'organizations', 'packages']),
    );
    await expect(readFile(path.join(cityflow.folder, 'genesis', 'user-channel.block'))).rejects.toThrow(
      'ENOENT',
    );
  });
});
