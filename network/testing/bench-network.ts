import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { NetworkClients } from '../admin/network-clients';
import { NetworkDirectory } from '../admin/network-directory';
import { materialPaths } from '../artifacts/paths';
import { ensureImages } from '../runtime/docker/images';
import { localEngine } from '../runtime/docker/testing/engine';
import { loadTopology } from '../topology/load';
import { withFreePorts } from '../topology/port-offset';
import type { Topology } from '../topology/schema';
import { memoryOfTree, type ProcessMemory } from './bench-memory';

export const benchRuntimes = ['embedded', 'native', 'docker'] as const;
export type BenchRuntime = (typeof benchRuntimes)[number];

/** The built programs stand beside the bench itself. */
const program = path.join(__dirname, 'cityflow.cjs');
export const shippedTopology = path.join(__dirname, '..', 'network', 'cityflow.yaml');
/** Names of containers are the engine's, which others may use as well. */
const networkName = `bench${process.pid}`;
const SUPERVISOR_END_MS = 30_000;

/**
 * The shipped network on free ports in a home of its own, started and stopped as a user does it: by the `cityflow`
 * command. Must be deleted.
 */
export class BenchNetwork {
  #clients: NetworkClients | undefined;

  private constructor(
    private readonly runtime: BenchRuntime,
    private readonly topology: Topology,
    private readonly home: string,
    private readonly topologyFile: string,
  ) {}

  static async create(
    runtime: BenchRuntime,
    change: (topology: Topology) => Topology = (topology) => topology,
  ): Promise<BenchNetwork> {
    const topology = await withFreePorts(change(await loadTopology(shippedTopology)));
    if (runtime === 'docker') await prepareImages(topology);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-bench-'));
    const home = path.join(folder, 'home');
    await mkdir(home);
    const topologyFile = path.join(folder, 'topology.yaml');
    await writeFile(topologyFile, stringify(topology));
    return new BenchNetwork(runtime, topology, home, topologyFile);
  }

  /** Everything of this network is below it. */
  get folder(): string {
    return path.dirname(this.home);
  }

  /** As the topology writes it, such as `2s`. */
  get blockTimeout(): string {
    return this.topology.ordering.batchTimeout;
  }

  /** @returns milliseconds from spawning `cityflow up` until it reported the network ready and ended */
  async up(): Promise<number> {
    const began = performance.now();
    await this.#cityflow('up', '--detach', '--runtime', this.runtime);
    return performance.now() - began;
  }

  /** Returns when the supervisor has ended too, so that the next `up` is a start of everything. */
  async down(): Promise<void> {
    const supervisor = await this.#supervisor();
    await this.#disconnect();
    await this.#cityflow('down');
    if (supervisor === undefined) return;
    const deadline = Date.now() + SUPERVISOR_END_MS;
    while (isAlive(supervisor)) {
      if (Date.now() > deadline) throw new Error(`the supervisor (process ${supervisor}) did not end`);
      await delay(20);
    }
  }

  async clients(): Promise<NetworkClients> {
    this.#clients ??= new NetworkClients(
      await NetworkDirectory.read(
        this.topology,
        materialPaths(this.topology, this.#networkFolder),
        'localhost',
      ),
    );
    return this.#clients;
  }

  /** Memory of the supervisor and everything it started; undefined where the platform doesn't tell. */
  async memory(): Promise<ProcessMemory | undefined> {
    const supervisor = await this.#supervisor();
    return supervisor === undefined ? undefined : memoryOfTree(supervisor);
  }

  /** @returns milliseconds until the node was ready again */
  async restart(node: string): Promise<number> {
    const began = performance.now();
    await this.#cityflow('nodes', 'restart', node);
    return performance.now() - began;
  }

  async delete(): Promise<void> {
    await this.down();
    await this.#cityflow('down', '--purge');
    await rm(this.folder, { recursive: true, force: true });
  }

  get #networkFolder(): string {
    return path.join(this.home, 'networks', networkName);
  }

  async #supervisor(): Promise<number | undefined> {
    try {
      const lock = await readFile(path.join(this.#networkFolder, 'supervisor.lock'), 'utf8');
      return (JSON.parse(lock) as { pid: number }).pid;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #disconnect(): Promise<void> {
    const clients = this.#clients;
    this.#clients = undefined;
    await clients?.close();
  }

  #cityflow(...args: string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const options = ['--json', '--network', networkName, '--topology', this.topologyFile];
      const child = spawn(process.execPath, [program, ...options, ...args], {
        env: { ...process.env, CITYFLOW_HOME: this.home },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`cityflow ${args.join(' ')} ended with ${code}:\n${said.trim()}`));
      });
    });
  }
}

/** Pulling and building images is no part of a start. */
async function prepareImages(topology: Topology): Promise<void> {
  await ensureImages(await localEngine(), topology, {
    programs: { programsFolder: __dirname },
    onProgress: ({ image, detail }) => process.stderr.write(`docker: ${image} ${detail}\n`),
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
