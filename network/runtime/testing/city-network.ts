import { existsSync } from 'node:fs';
import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NetworkClients } from '../../admin/network-clients';
import { NetworkDirectory } from '../../admin/network-directory';
import type { MaterialPaths } from '../../artifacts/paths';
import { loadTopology } from '../../topology/load';
import { withFreePorts } from '../../topology/port-offset';
import type { Topology } from '../../topology/schema';
import { bringUp } from '../bring-up';
import type { BringUpReport, BringUpStage } from '../bring-up-progress';
import type { ContainerRuntime, NetworkRuntime } from '../network-runtime';
import type { NetworkFolder } from '../network-folder';
import { openProcessNetwork } from '../process/open-network';

const repository = path.join(import.meta.dirname, '../../..');
/** Where `npm run build` puts the programs. */
export const programsFolder = path.join(repository, 'out');

/** Why the tests of a network can't run here; undefined when they can. */
export function missingForNetwork(genuine: boolean): string | undefined {
  if (genuine && !process.env['FABRIC_BIN']) return 'genuine Fabric binaries not found: set FABRIC_BIN';
  if (!existsSync(path.join(programsFolder, 'contract-user.cjs'))) return 'programs not built: npm run build';
  return undefined;
}

/** What a bring-up reported of its stages. */
export interface StageOutcome {
  readonly stage: BringUpStage;
  readonly state: BringUpReport['state'];
  readonly ms: number;
}

/** A network whose material is there, with what runs its nodes. */
export interface OpenedNetwork {
  readonly material: MaterialPaths;
  readonly folder: NetworkFolder;
  readonly runtime: NetworkRuntime & Partial<ContainerRuntime>;
  /** Deletes what lies outside the network's folder. */
  purge?(): Promise<unknown>;
}

export type OpenNetwork = (topology: Topology, root: string) => Promise<OpenedNetwork>;

/** Nodes as processes of this machine. */
export const asProcesses =
  (isGenuine: (node: string) => boolean): OpenNetwork =>
  (topology, root) =>
    openProcessNetwork(topology, root, { programsFolder, isGenuine, variables: process.env });

/** The network of the repository's topology in a folder of its own, on ports of its own. */
export class CityNetwork {
  private constructor(
    readonly topology: Topology,
    readonly root: string,
    private readonly open: OpenNetwork,
    private opened: OpenedNetwork,
    private connected: NetworkClients,
  ) {}

  /**
   * @param change of the topology, for tests of what it can say
   * @param file the topology, from the folder `network`
   */
  static async create(
    open: OpenNetwork,
    change: (topology: Topology) => Topology = (topology) => topology,
    file = 'cityflow.yaml',
  ): Promise<CityNetwork> {
    const shipped = await loadTopology(path.join(repository, 'network', file));
    const topology = change(await withFreePorts(shipped));
    const root = await mkdtemp(path.join(os.tmpdir(), 'city-network-'));
    const opened = await open(topology, root);
    return new CityNetwork(topology, root, open, opened, await connect(topology, opened));
  }

  get runtime() {
    return this.opened.runtime;
  }

  get clients(): NetworkClients {
    return this.connected;
  }

  get folder() {
    return this.opened.folder;
  }

  /** Brings the network to ready; answers how each stage ended. @param interruptAt gives up when this stage begins */
  async bringUp(interruptAt?: BringUpStage): Promise<StageOutcome[]> {
    const outcomes: StageOutcome[] = [];
    const interrupted = new AbortController();
    // Dozens of calls of one start listen at the same time: no leak.
    setMaxListeners(0, interrupted.signal);
    await bringUp(
      { ...this.opened, clients: this.connected },
      {
        signal: interrupted.signal,
        progress: ({ stage, item, state, ms }) => {
          if (stage === interruptAt) interrupted.abort(new Error(`interrupted at ${stage}`));
          if (item === undefined && state !== 'running') outcomes.push({ stage, state, ms });
        },
      },
    );
    return outcomes;
  }

  /** A new supervisor takes charge: the old one lets go without stopping anything. */
  async reopen(open: OpenNetwork = this.open): Promise<void> {
    await this.connected.close();
    await this.runtime.close();
    this.opened = await open(this.topology, this.root);
    this.connected = await connect(this.topology, this.opened);
  }

  /** Stops everything and deletes what there is of it. */
  async dispose(): Promise<void> {
    await this.connected.close();
    await this.runtime.stopAll();
    await this.opened.purge?.();
    await this.runtime.close();
    await rm(this.root, { recursive: true, force: true });
  }
}

async function connect(topology: Topology, { material }: OpenedNetwork): Promise<NetworkClients> {
  return new NetworkClients(await NetworkDirectory.read(topology, material, 'localhost'));
}
