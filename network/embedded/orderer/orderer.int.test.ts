/** The orderer as a program: started, killed, starved of its port and left by its supervisor. */
import { build } from 'esbuild';
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { blockData, blockHeader, blockHeaderHash } from '../../protocol/block';
import type { Signer } from '../../protocol/signing';
import {
  adminRequest,
  broadcast,
  CHANNEL,
  connect,
  createTestNetwork,
  deliver,
  join,
  seekEnvelope,
  seekInfo,
  transaction,
  type TestNetwork,
} from './test-network';

interface Ports {
  readonly grpc: number;
  readonly admin: number;
  readonly operations: number;
}

interface Program {
  readonly process: ChildProcessByStdio<Writable, null, Readable>;
  /** Its ports, once it serves; rejects with its log when it ends before. */
  readonly serving: Promise<Ports>;
  readonly ended: Promise<number | string>;
  log(): string;
}

let network: TestNetwork;
let alpha: Signer;
let program: string;
const running = new Set<Program>();

beforeAll(async () => {
  network = await createTestNetwork();
  alpha = await network.signer('Alpha');
  program = path.join(network.folder, 'orderer.cjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
});
afterEach(async () => {
  for (const each of running) each.process.kill('SIGKILL');
  await Promise.all([...running].map((each) => each.ended));
});
afterAll(() => network.remove());

function start(variables: Record<string, string>): Program {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const serving = new Promise<Ports>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      const ports = /Beginning to serve requests grpc=(\d+) admin=(\d+) operations=(\d+)/.exec(log);
      if (ports) resolve({ grpc: Number(ports[1]), admin: Number(ports[2]), operations: Number(ports[3]) });
    });
    void ended.then(() => reject(new Error(log)));
  });
  serving.catch(() => undefined);
  const started: Program = { process: child, serving, ended, log: () => log };
  running.add(started);
  void ended.then(() => running.delete(started));
  return started;
}

const ledgerOf = (name: string): string => path.join(network.folder, name);

/** A repeatable sequence of numbers in [0, 1). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the orderer program', () => {
  it('keeps every delivered block through kill -9 under load, and chains on', async () => {
    const rounds = 8;
    const next = random(20_261_122);
    const delivered = new Map<number, string>();
    let sent = 0;
    const variables = network.variables(ledgerOf('killed'));

    for (let round = 0; round < rounds; round++) {
      const orderer = start(variables);
      const ports = await orderer.serving;
      if (round === 0) await join(network, ports.admin, await network.genesis(CHANNEL));
      const client = await connect(network, ports.grpc);
      const goal = 1 + Math.floor(next() * 8);
      let seen = 0;
      const follow = deliver(
        client,
        seekEnvelope(alpha, CHANNEL, seekInfo('oldest', Number.MAX_SAFE_INTEGER)),
        (block) => {
          const number = blockHeader(block).getNumber();
          const hash = blockHeaderHash(blockHeader(block)).toString('hex');
          expect(delivered.get(number) ?? hash).toBe(hash);
          if (!delivered.has(number)) seen += 1;
          delivered.set(number, hash);
          if (seen === goal) orderer.process.kill('SIGKILL');
        },
      ).catch(() => undefined);
      // A failed send is no reason to give up: the load ends with the process.
      const alive = (): boolean => orderer.process.exitCode === null && orderer.process.signalCode === null;
      const load = Array.from({ length: 10 }, async () => {
        while (alive()) {
          const envelope = transaction(alpha, CHANNEL, Buffer.from(String(sent++)));
          await Promise.race([broadcast(client, envelope).catch(() => undefined), orderer.ended]);
        }
      });
      await orderer.ended;
      await Promise.all([follow, ...load]);
      client.close();
    }

    const { grpc } = await start(variables).serving;
    const client = await connect(network, grpc);
    const { blocks } = await deliver(client, seekEnvelope(alpha, CHANNEL, seekInfo('oldest', 'newest')));
    client.close();
    expect(blocks.length).toBeGreaterThanOrEqual(delivered.size);
    const hashes = blocks.map((block) => blockHeaderHash(blockHeader(block)).toString('hex'));
    for (const [number, hash] of delivered) expect(hashes[number]).toBe(hash);
    blocks.slice(1).forEach((block, index) => {
      expect(Buffer.from(blockHeader(block).getPreviousHash_asU8()).toString('hex')).toBe(hashes[index]);
    });
    const envelopes = blocks
      .slice(1)
      .flatMap((block) => blockData(block).map((bytes) => Buffer.from(bytes).toString('hex')));
    expect(new Set(envelopes).size).toBe(envelopes.length);
  });

  it('names the process that holds its port, and leaves the ledger alone', async () => {
    const variables = network.variables(ledgerOf('port'));
    const first = start(variables);
    const ports = await first.serving;
    await join(network, ports.admin, await network.genesis(CHANNEL));
    const taken = [
      ['ORDERER_OPERATIONS_LISTENADDRESS', `127.0.0.1:${ports.operations}`, ports.operations],
      ['ORDERER_ADMIN_LISTENADDRESS', `127.0.0.1:${ports.admin}`, ports.admin],
      ['ORDERER_GENERAL_LISTENPORT', String(ports.grpc), ports.grpc],
    ] as const;
    for (const [name, value, port] of taken) {
      const second = start({ ...variables, [name]: value, ORDERER_FILELEDGER_LOCATION: ledgerOf('second') });
      expect(await second.ended).toBe(1);
      const expected = `cannot listen on 127.0.0.1:${port}: the port is already in use; process ${first.process.pid} (`;
      expect(second.log()).toContain(expected);
      expect(second.log()).not.toMatch(/^\s+at /m);
    }
    const info = await adminRequest(network, ports.admin, 'GET', `/participation/v1/channels/${CHANNEL}`);
    expect(info.body).toMatchObject({ status: 'active', height: 1 });
  });

  it('stops in good order, with readers connected, on SIGTERM and when its supervisor is gone', async () => {
    const variables = { ...network.variables(ledgerOf('stopped')), CITYFLOW_SUPERVISED: '1' };
    for (const stop of [
      (orderer: Program) => orderer.process.kill('SIGTERM'),
      (orderer: Program) => orderer.process.stdin.end(),
    ]) {
      const orderer = start(variables);
      const ports = await orderer.serving;
      await join(network, ports.admin, await network.genesis(CHANNEL));
      const client = await connect(network, ports.grpc);
      const following = deliver(
        client,
        seekEnvelope(alpha, CHANNEL, seekInfo('oldest', Number.MAX_SAFE_INTEGER)),
        () => stop(orderer),
      );
      expect(await orderer.ended).toBe(0);
      await following.catch(() => undefined);
      client.close();
    }
  });

  it.each([
    ['a variable is missing', { ORDERER_GENERAL_LOCALMSPID: '' }, 'ORDERER_GENERAL_LOCALMSPID is not set'],
    [
      'a file is missing',
      { ORDERER_GENERAL_TLS_CERTIFICATE: '/nowhere/server.crt' },
      'ORDERER_GENERAL_TLS_CERTIFICATE: cannot read /nowhere/server.crt (ENOENT)',
    ],
    [
      'a system channel is asked for',
      { ORDERER_GENERAL_BOOTSTRAPMETHOD: 'file' },
      'join channels through the admin',
    ],
    ['the logging specification is wrong', { FABRIC_LOGGING_SPEC: 'loud' }, "bad segment 'loud'"],
  ])('says so when %s', async (_what, change, message) => {
    const orderer = start({ ...network.variables(ledgerOf('wrong')), ...change });
    expect(await orderer.ended).toBe(1);
    expect(orderer.log()).toContain(message);
    expect(orderer.log()).not.toMatch(/^\s+at /m);
  });

  it('says so when its folder is not writable', async (context) => {
    if (process.getuid?.() === 0) context.skip('runs as root, whom no folder refuses');
    const folder = ledgerOf('read-only');
    await mkdir(folder);
    await chmod(folder, 0o500);
    const orderer = start(network.variables(path.join(folder, 'ledger')));
    expect(await orderer.ended).toBe(1);
    expect(orderer.log()).toMatch(/could not start: .*read-only/);
    await chmod(folder, 0o700);
  });

  it('is driven by the genuine osnadmin', async (context) => {
    const osnadmin = path.join(process.env['FABRIC_BIN'] ?? '', 'osnadmin');
    if (!process.env['FABRIC_BIN'] || !existsSync(osnadmin)) {
      context.skip('genuine Fabric binaries not found: set FABRIC_BIN');
    }
    const ports = await start(network.variables(ledgerOf('osnadmin'))).serving;
    const { tls } = network.paths.node('orderer.example.com');
    const run = async (...words: string[]): Promise<string> => {
      const connection = ['-o', `localhost:${ports.admin}`, '--ca-file', tls.rootCertificate];
      const identity = ['--client-cert', tls.certificate, '--client-key', tls.key];
      const { stdout } = await promisify(execFile)(osnadmin, [
        'channel',
        ...words,
        ...connection,
        ...identity,
      ]);
      return stdout;
    };
    const block = ['--config-block', network.paths.genesisFile(CHANNEL)];
    expect(await run('join', '--channelID', CHANNEL, ...block)).toMatch(/^Status: 201\n/);
    expect(await run('join', '--channelID', CHANNEL, ...block)).toContain(
      'cannot join: channel already exists',
    );
    expect(await run('list')).toContain(`"name": "${CHANNEL}"`);
    expect(await run('list', '--channelID', CHANNEL)).toContain('"height": 1');
    expect(await run('remove', '--channelID', CHANNEL)).toMatch(/^Status: 204\n/);
    expect(await run('remove', '--channelID', CHANNEL)).toMatch(/^Status: 404\n/);
  });
});
