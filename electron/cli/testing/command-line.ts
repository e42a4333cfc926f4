import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { loadTopology } from '../../../network/topology/load';
import { withFreePorts } from '../../../network/topology/port-offset';
import type { Topology } from '../../../network/topology/schema';
import type { Problem } from '../../api/problems';

const root = path.resolve(__dirname, '../../..');
const program = path.join(root, 'out', 'cityflow.cjs');

export type ChangeTopology = (topology: Topology) => Topology;

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home folder of its own and a topology on free ports, driven through the built `cityflow`. */
export class CommandLine {
  private constructor(
    readonly home: string,
    readonly topologyFile: string,
    readonly topology: Topology,
    readonly network: string,
  ) {}

  /** @param network its name: of a network in containers one that no other on the engine has */
  static async create(
    change: ChangeTopology = (topology) => topology,
    network = 'cityflow',
  ): Promise<CommandLine> {
    const home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-home-'));
    const shipped = await loadTopology(path.join(root, 'network', 'cityflow.yaml'));
    const topology = await withFreePorts(change(shipped));
    const topologyFile = path.join(home, 'topology.yaml');
    await writeFile(topologyFile, stringify(topology));
    return new CommandLine(home, topologyFile, topology, network);
  }

  /** A home folder that {@link create} or somebody else has made, with its `topology.yaml`; it may be running. */
  static async open(home: string, network = 'cityflow'): Promise<CommandLine> {
    const topologyFile = path.join(home, 'topology.yaml');
    return new CommandLine(home, topologyFile, await loadTopology(topologyFile), network);
  }

  get folder(): string {
    return path.join(this.home, 'networks', this.network);
  }

  /** What comes before the command. */
  get options(): readonly string[] {
    return ['--topology', this.topologyFile, '--network', this.network];
  }

  run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [program, ...this.options, ...args], {
        env: { ...process.env, CITYFLOW_HOME: this.home, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('error', reject);
      child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    });
  }

  /** Runs with --json; throws where it fails, with what it said. */
  async json<T>(...args: string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await this.run(['--json', ...args]);
    if (exitCode !== 0) throw new Error(`cityflow ${args.join(' ')} failed: ${stdout}${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Runs with --json what must fail; the problem it prints. */
  async problem(...args: string[]): Promise<Problem> {
    const { exitCode, stdout, stderr } = await this.run(['--json', ...args]);
    if (exitCode !== 1)
      throw new Error(`cityflow ${args.join(' ')} ended with ${exitCode}: ${stdout}${stderr}`);
    if (/\n\s+at /.test(stderr + stdout))
      throw new Error(`a stack trace reached the user: ${stderr}${stdout}`);
    return (JSON.parse(stdout) as { problem: Problem }).problem;
  }

  /** Stops the network and deletes all there is of it. */
  async close(): Promise<void> {
    await this.run(['down', '--purge']);
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Why tests against genuine Fabric cannot run here; undefined where they can. */
export const genuineMissing = process.env['FABRIC_BIN']
  ? undefined
  : 'genuine Fabric binaries not found: set FABRIC_BIN to a folder with peer and orderer';
