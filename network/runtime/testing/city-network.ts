import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NetworkClients } from '../../admin/network-clients';
import { NetworkDirectory } from '../../admin/network-directory';
import { loadTopology } from '../../topology/load';
import { withFreePorts } from '../../topology/port-offset';
import type { Topology } from '../../topology/schema';
import { bringUp } from '../bring-up';
import type { BringUpReport, BringUpStage } from '../bring-up-progress';
import { openProcessNetwork, type ProcessNetwork } from '../process/open-network';

const repository = path.join(import.meta.dirname, '../../..');
/** Where `npm run build` puts the programs. */
const programsFolder = path.join(repository, 'out');

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

/** The network of the repository's topology in a folder of its own, on ports of its own. */
export class CityNetwork {
  private constructor(
    readonly topology: Topology,
    readonly root: string,
    private readonly isGenuine: (node: string) => boolean,
    private process: ProcessNetwork,
    private opened: NetworkClients,
  ) {}

  static async create(isGenuine: (node: string) => boolean): Promise<CityNetwork> {
    const topology = await withFreePorts(await loadTopology(path.join(repository, 'network/cityflow.yaml')));
    const root = await mkdtemp(path.join(os.tmpdir(), 'city-network-'));
    const { network, clients } = await open(topology, root, isGenuine);
    return new CityNetwork(topology, root, isGenuine, network, clients);
  }

  get runtime() {
    return this.process.runtime;
  }

  get clients(): NetworkClients {
    return this.opened;
  }

  get folder() {
    return this.process.folder;
  }

  /** Brings the network to ready; answers how each stage ended. */
  async bringUp(): Promise<StageOutcome[]> {
    const outcomes: StageOutcome[] = [];
    await bringUp(
      { ...this.process, clients: this.opened },
      {
        progress: ({ stage, item, state, ms }) => {
          if (item === undefined && state !== 'running') outcomes.push({ stage, state, ms });
        },
      },
    );
    return outcomes;
  }

  /** A new supervisor takes charge: the old one lets go without stopping anything. */
  async reopen(isGenuine: (node: string) => boolean = this.isGenuine): Promise<void> {
    await this.opened.close();
    await this.runtime.close();
    const { network, clients } = await open(this.topology, this.root, isGenuine);
    this.process = network;
    this.opened = clients;
  }

  /** Stops everything and deletes the folder. */
  async dispose(): Promise<void> {
    await this.opened.close();
    await this.runtime.stopAll();
    await this.runtime.close();
    await rm(this.root, { recursive: true, force: true });
  }
}

async function open(
  topology: Topology,
  root: string,
  isGenuine: (node: string) => boolean,
): Promise<{ network: ProcessNetwork; clients: NetworkClients }> {
  const network = await openProcessNetwork(topology, root, {
    programsFolder,
    isGenuine,
    variables: process.env,
  });
  const directory = await NetworkDirectory.read(topology, network.material, 'localhost');
  return { network, clients: new NetworkClients(directory) };
}
