import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NetworkClients } from '../admin/network-clients';
import { NetworkDirectory } from '../admin/network-directory';
import { bringUp } from '../runtime/bring-up';
import { openProcessNetwork, type ProcessNetwork } from '../runtime/process/open-network';
import { loadTopology } from '../topology/load';
import { withFreePorts } from '../topology/port-offset';
import type { Topology } from '../topology/schema';

const root = path.resolve(import.meta.dirname, '../..');

export interface RunningNetwork extends ProcessNetwork {
  readonly topology: Topology;
  readonly clients: NetworkClients;
  /** Stops every node and deletes the folder. */
  close(): Promise<void>;
}

export interface RunningNetworkOptions {
  /** Names of nodes that run the genuine program. */
  readonly genuine?: (node: string) => boolean;
  readonly change?: (topology: Topology) => Topology;
}

/** The shipped topology on free ports in a folder of its own, brought to ready. Needs the built programs in out/. */
export async function startNetwork(options: RunningNetworkOptions = {}): Promise<RunningNetwork> {
  const shipped = await loadTopology(path.join(root, 'network', 'cityflow.yaml'));
  const topology = await withFreePorts(options.change?.(shipped) ?? shipped);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-network-'));
  const network = await openProcessNetwork(topology, folder, {
    programsFolder: path.join(root, 'out'),
    isGenuine: options.genuine ?? (() => false),
    variables: process.env,
  });
  const clients = new NetworkClients(await NetworkDirectory.read(topology, network.material, 'localhost'));
  const close = async () => {
    await clients.close();
    await network.runtime.stopAll();
    await network.runtime.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await bringUp({ ...network, clients });
    return { ...network, topology, clients, close };
  } catch (error) {
    await close();
    throw error;
  }
}
