import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { NetworkClients } from '../../../network/admin/network-clients';
import { NetworkDirectory } from '../../../network/admin/network-directory';
import { materialPaths } from '../../../network/artifacts/paths';
import type { MaterialPaths } from '../../../network/artifacts/paths';
import { NetworkFolder } from '../../../network/runtime/network-folder';
import { loadTopology } from '../../../network/topology/load';
import type { Topology } from '../../../network/topology/schema';
import {
  contractAddress,
  contractHost,
  grpcAddress,
  nodes,
  operationsAddress,
} from '../../../network/topology/views';
import type { DeclaredNetwork } from '../../core/ports/network-host';
import { problem } from '../../core/problem';
import { topologyProblem } from './problems';

export interface NetworkLocation {
  readonly network: string;
  readonly folder: string;
  readonly topologyFile: string | undefined;
  readonly programs: string;
  /** Stopping and deleting a network must not depend on a sound topology: take the shipped one instead. */
  readonly anyTopology?: boolean;
}

/** Written into the network's folder when it was made from a file of the user's. */
const OWN_TOPOLOGY = 'topology.yaml';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** A network of this machine: its topology, its folder and, once it has certificates, the clients of its nodes. */
export class LocalNetwork {
  readonly declared: DeclaredNetwork;
  readonly material: MaterialPaths;
  readonly folder: NetworkFolder;
  #clients: Promise<NetworkClients> | undefined;

  private constructor(
    readonly topology: Topology,
    readonly location: NetworkLocation,
  ) {
    this.folder = new NetworkFolder(location.folder);
    this.material = materialPaths(topology, location.folder);
    this.declared = declaredNetwork(topology, location);
  }

  /** Reads the topology: the file named, else the one the network was made from, else the shipped one. */
  static async open(location: NetworkLocation): Promise<LocalNetwork> {
    const own = path.join(location.folder, OWN_TOPOLOGY);
    const shipped = path.join(location.programs, '..', 'network', 'cityflow.yaml');
    const file = location.topologyFile ?? ((await exists(own)) ? own : shipped);
    try {
      return new LocalNetwork(await loadTopology(file), location);
    } catch (error) {
      if (location.anyTopology) return new LocalNetwork(await loadTopology(shipped), location);
      throw topologyProblem(error);
    }
  }

  /** Remembers the user's own topology file, so that later commands need not name it. */
  async keepTopology(): Promise<void> {
    const { topologyFile, folder } = this.location;
    if (topologyFile === undefined) return;
    const own = path.join(folder, OWN_TOPOLOGY);
    if (path.resolve(topologyFile) !== own) await copyFile(topologyFile, own);
  }

  /** Clients of all nodes. Throws NETWORK_NOT_RUNNING before the first start. */
  clients(): Promise<NetworkClients> {
    this.#clients ??= NetworkDirectory.read(this.topology, this.material, 'localhost').then(
      (directory) => new NetworkClients(directory),
    );
    return this.#clients.catch((error: unknown) => {
      this.#clients = undefined;
      if (!isMissing(error)) throw error;
      throw problem('NETWORK_NOT_RUNNING', {
        title: `The network ${this.declared.name} has never been started.`,
        detail: 'It has no certificates yet.',
        hint: 'Run `cityflow up`.',
        cause: error,
      });
    });
  }

  /** Ends all connections; the next use opens new ones. */
  async disconnect(): Promise<void> {
    const clients = this.#clients;
    this.#clients = undefined;
    await (await clients?.catch(() => undefined))?.close();
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await readFile(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function declaredNetwork(topology: Topology, location: NetworkLocation): DeclaredNetwork {
  const mspIds = new Map(topology.organizations.map(({ name, mspId }) => [name, mspId]));
  return {
    name: location.network,
    folder: location.folder,
    organizations: topology.organizations.map(({ name, mspId }) => ({ name, mspId })),
    nodes: [
      ...nodes(topology).map((node) => ({
        name: node.name,
        role: node.role,
        organization: node.organization,
        mspId: node.mspId,
        address: grpcAddress(node, 'localhost'),
        operations: operationsAddress(node, 'localhost'),
      })),
      ...topology.contracts.map((contract) => ({
        name: contractHost(topology, contract),
        role: 'contract' as const,
        organization: contract.owner,
        mspId: mspIds.get(contract.owner) ?? '',
        address: contractAddress(topology, contract, 'localhost'),
        operations: null,
      })),
    ],
    channels: topology.channels.map(({ name, members }) => ({ name, members })),
    contracts: topology.contracts.map((contract) => ({
      name: contract.name,
      channel: contract.channel,
      version: contract.version,
      sequence: contract.sequence,
      endorsement: contract.endorsement,
      address: contractAddress(topology, contract, 'localhost'),
    })),
  };
}
