import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMaterial } from '../../artifacts/create-material';
import type { TlsFiles } from '../../artifacts/paths';
import { loadTopology } from '../../topology/load';
import { nodes } from '../../topology/views';
import { NetworkFolder } from '../network-folder';
import type { NodeStatus } from '../network-runtime';
import { lastWords } from '../log/last-words';
import type { ProcessNode } from './process-node';
import { fingerprintOf, writeRecord } from './process-record';
import { ProcessRuntime } from './process-runtime';
import { sampleProcess } from './process-sample';

/** A program that is ready when its TLS listener is, and ends like a node of this project. */
const program = `
const { readFileSync } = require('node:fs');
const [port, cert, key, words] = process.argv.slice(2);
const server = require('node:tls').createServer({ cert: readFileSync(cert), key: readFileSync(key), ALPNProtocols: ['h2'] });
if (words) { console.error(words); process.exit(3); }
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); });
process.on('SIGUSR2', () => { console.log('panic: told to fall over'); process.exit(2); });
if (process.env.CITYFLOW_SUPERVISED) process.stdin.resume().on('end', () => process.exit(0));
`;

describe.skipIf(process.platform === 'win32')('processes of a network', () => {
  let material: string;
  let tls: TlsFiles;
  let root: string;
  let folder: NetworkFolder;
  const runtimes: ProcessRuntime[] = [];

  beforeAll(async () => {
    material = await mkdtemp(path.join(os.tmpdir(), 'node-process-material-'));
    const topology = await loadTopology(path.join(import.meta.dirname, '../../cityflow.yaml'));
    const { paths } = await createMaterial(topology, material, { addressing: 'localhost' });
    const [first] = nodes(topology);
    tls = paths.node(first?.name ?? '').tls;
  });

  afterAll(() => rm(material, { recursive: true, force: true }));

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'node-process-'));
    folder = new NetworkFolder(root);
    await writeFile(path.join(root, 'program.cjs'), program);
  });

  afterEach(async () => {
    for (const runtime of runtimes.splice(0)) {
      await runtime.stopAll();
      await runtime.close();
    }
    await rm(root, { recursive: true, force: true });
  });

  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  async function declared(over: Partial<ProcessNode> = {}, words = ''): Promise<ProcessNode> {
    const port = over.ports?.[0] ?? (await freePort());
    return {
      name: 'node.example.com',
      kind: 'peer',
      program: 'genuine',
      command: process.execPath,
      args: [path.join(root, 'program.cjs'), String(port), tls.certificate, tls.key, words],
      environment: {},
      ports: [port],
      readiness: { tls: { host: 'localhost', port, rootCertificate: tls.rootCertificate } },
      ...over,
    };
  }

  async function open(...nodes: ProcessNode[]): Promise<ProcessRuntime> {
    const runtime = await ProcessRuntime.open(nodes, folder);
    runtimes.push(runtime);
    return runtime;
  }

  async function pidOf(runtime: ProcessRuntime): Promise<number> {
    const status = await runtime.state('node.example.com');
    if (status.state !== 'running') throw new Error(`the node is ${status.state}`);
    return status.pid;
  }

  async function logOf(runtime: ProcessRuntime): Promise<string[]> {
    const lines: string[] = [];
    for await (const { line } of runtime.logs('node.example.com')) lines.push(line);
    return lines;
  }

  it('go from stopped through starting to running, and back', async () => {
    const runtime = await open(await declared());
    const seen: NodeStatus['state'][] = [];
    runtime.onChange(({ status }) => seen.push(status.state));
    await runtime.start('node.example.com');
    await runtime.start('node.example.com');
    expect((await runtime.stats('node.example.com'))?.residentBytes).toBeGreaterThan(1_000_000);
    await runtime.stop('node.example.com');
    expect(seen).toEqual(['starting', 'running', 'stopped']);
    expect(await logOf(runtime)).toEqual(['listening', 'stopping']);
    expect(await runtime.stats('node.example.com')).toBeUndefined();
  });

  it('are started once, however many ask at the same time', async () => {
    const runtime = await open(await declared());
    await Promise.all([runtime.start('node.example.com'), runtime.start('node.example.com')]);
    expect(await logOf(runtime)).toEqual(['listening']);
  });

  it('tell with code and last words why they could not start', async () => {
    const runtime = await open(await declared({}, 'ERROR could not read the certificate'));
    await expect(runtime.start('node.example.com')).rejects.toThrow(
      'node.example.com did not start: exited with code 3; its log: ERROR could not read the certificate',
    );
    expect(await runtime.state('node.example.com')).toMatchObject({ state: 'exited', exitCode: 3 });
  });

  it('that end by themselves are exited, with the panic of their log', async () => {
    const runtime = await open(await declared());
    await runtime.start('node.example.com');
    process.kill(await pidOf(runtime), 'SIGUSR2');
    await vi.waitFor(async () =>
      expect(await runtime.state('node.example.com')).toEqual({
        state: 'exited',
        exitCode: 2,
        signal: null,
        reason: 'exited with code 2; its log: panic: told to fall over',
      }),
    );
  });

  it('that are killed say so, not that they ended by themselves, and start again', async () => {
    const runtime = await open(await declared());
    await runtime.start('node.example.com');
    await runtime.kill('node.example.com');
    expect(await runtime.state('node.example.com')).toEqual({
      state: 'killed',
      reason: 'It was killed from here: it ended at once, as in a crash.',
    });
    await runtime.start('node.example.com');
    expect(await runtime.state('node.example.com')).toMatchObject({ state: 'running' });
  });

  it('that are paused say so, go on when started, and can be stopped', async () => {
    const runtime = await open(await declared());
    await runtime.start('node.example.com');
    process.kill(await pidOf(runtime), 'SIGSTOP');
    await vi.waitFor(async () =>
      expect(await runtime.state('node.example.com')).toMatchObject({ state: 'paused' }),
    );
    await runtime.stop('node.example.com');
    expect(await runtime.state('node.example.com')).toEqual({ state: 'stopped' });
  });

  it('are not started on a port somebody else holds; that one is named', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const runtime = await open(await declared({ ports: [port] }));
    await expect(runtime.assertStartable()).rejects.toMatchObject({
      name: 'PortTakenError',
      port,
      ...(process.platform === 'linux' && { holder: { pid: process.pid } }),
    });
    holder.close();
  });

  it('whose program is missing say what to do', async () => {
    const runtime = await open(await declared({ command: undefined }));
    await expect(runtime.start('node.example.com')).rejects.toThrow('set FABRIC_BIN');
  });

  it('have names; others are refused with those there are', async () => {
    const runtime = await open(await declared());
    expect(() => runtime.start('other.example.com')).toThrow('there are: node.example.com');
  });

  describe('when their supervisor is gone', () => {
    it('genuine ones run on and are adopted by the next one', async () => {
      const node = await declared();
      const first = await open(node);
      await first.start('node.example.com');
      const pid = await pidOf(first);
      const second = await open(node);
      expect(await second.state('node.example.com')).toMatchObject({ state: 'running', pid });
      await second.stop('node.example.com');
      expect(await second.state('node.example.com')).toEqual({ state: 'stopped' });
      expect(await sampleProcess(pid)).toBeUndefined();
    });

    it('an adopted one that ends is noticed', async () => {
      const node = await declared();
      const first = await open(node);
      await first.start('node.example.com');
      const second = await open(node);
      process.kill(await pidOf(second), 'SIGKILL');
      await vi.waitFor(
        async () => expect(await second.state('node.example.com')).toMatchObject({ state: 'exited' }),
        5_000,
      );
    });

    it('what runs otherwise than it should is ended', async () => {
      const node = await declared();
      const first = await open(node);
      await first.start('node.example.com');
      const pid = await pidOf(first);
      const second = await open({ ...node, environment: { CHANGED: 'yes' } });
      expect(await second.state('node.example.com')).toEqual({ state: 'stopped' });
      expect(await sampleProcess(pid)).toBeUndefined();
    });

    it('programs of this project end with the pipe', async () => {
      const node = await declared({ program: 'embedded', environment: { CITYFLOW_SUPERVISED: '1' } });
      const supervisor = spawn(process.execPath, ['-e', supervisorProgram, JSON.stringify(node)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(supervisor.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      expect(await sampleProcess(pid)).toBeDefined();
      supervisor.kill('SIGKILL');
      await vi.waitFor(async () => expect(await sampleProcess(pid)).toBeUndefined(), 5_000);
    });

    it('another program with a recorded process id is never touched', async () => {
      const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      const node = await declared();
      const pid = stranger.pid ?? 0;
      const record = {
        node: node.name,
        pid,
        fingerprint: fingerprintOf(node),
        since: new Date().toISOString(),
      };
      await writeRecord(folder, { ...record, startedAt: 'at another time' });
      const runtime = await open(node);
      expect(await runtime.state('node.example.com')).toEqual({ state: 'stopped' });
      expect(await sampleProcess(pid)).toBeDefined();
      await expect(readFile(folder.processRecord(node.name))).rejects.toThrow('ENOENT');
      stranger.kill('SIGKILL');
    });
  });
});

/** Starts a node as the runtime does, and says its process id. */
const supervisorProgram = `
const node = JSON.parse(process.argv[1]);
const child = require('node:child_process').spawn(node.command, node.args, { env: node.environment, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
child.stdout.once('data', () => console.log(child.pid));
`;

describe('last words of a log', () => {
  it.each([
    [['2026 INFO started', 'panic: no ledger', 'goroutine 1 [running]:'], 'panic: no ledger'],
    [['\u001b[31m2026 ERRO [x] it broke\u001b[0m', '2026 INFO [x] closing'], '2026 ERRO [x] it broke'],
    [['2026 INFO [x] closing', ''], '2026 INFO [x] closing'],
    [[], ''],
  ])('of %j are %j', (lines, words) => expect(lastWords(lines)).toBe(words));
});
