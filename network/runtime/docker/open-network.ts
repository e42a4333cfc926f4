import { readChaincodePackage } from '../../artifacts/chaincode-package';
import { createMaterial } from '../../artifacts/create-material';
import type { MaterialPaths } from '../../artifacts/paths';
import type { Topology } from '../../topology/schema';
import { writeGenuineConfiguration } from '../genuine-configuration';
import { NetworkFolder } from '../network-folder';
import { INSIDE } from './container-plan';
import type { PlannedNetwork } from './container-plan';
import { contractProcesses } from '../process/node-programs';
import { ProcessRuntime } from '../process/process-runtime';
import type { ContainerRuntime, NetworkRuntime } from '../network-runtime';
import { CombinedRuntime } from './combined-runtime';
import { DockerRuntime } from './docker-runtime';
import { HOST_GATEWAY, HostGatewayRelay } from './host-gateway-relay';
import type { Engine } from './engine';
import { recordImages } from './image-record';
import { ensureImages } from './images';
import type { ImageOptions } from './images';
import type { DockerNetworkIdentity } from './labels';
import { ensureIdentity } from './network-identity';
import { OwnObjects } from './own-objects';

export interface DockerNetwork {
  readonly material: MaterialPaths;
  readonly folder: NetworkFolder;
  readonly runtime: NetworkRuntime & ContainerRuntime;
  /** Deletes all containers, ledgers and the bridge of this network; answers what they were. */
  purge(): Promise<string[]>;
  /** What of the topology the existing channels don't follow, in sentences for the user. */
  readonly notes: readonly string[];
}

/**
 * Makes sure of a network's material under `root` and of its images, and takes charge of its containers; starts none.
 * @param network its name among the networks of this user
 * @throws MaterialError, ImageUnavailableError, ImagePlatformError, ForeignObjectError
 */
export async function openDockerNetwork(
  engine: Engine,
  topology: Topology,
  network: string,
  root: string,
  images: ImageOptions,
): Promise<DockerNetwork> {
  // First what may not be to be had: nothing is bound to this runtime before.
  const ready = await ensureImages(engine, topology, images);
  const { paths, notes } = await createMaterial(topology, root, { addressing: 'hostnames' });
  const folder = new NetworkFolder(root);
  await writeGenuineConfiguration(folder, new NetworkFolder(INSIDE));
  const packages = await Promise.all(
    topology.contracts.map(async ({ name }): Promise<[string, string]> => {
      const { packageId } = await readChaincodePackage(paths.contract(name));
      return [name, packageId];
    }),
  );
  const identity = await ensureIdentity(root, network);
  await recordImages(engine.docker, root, Object.values(ready).filter(Boolean));
  const contractsHost =
    topology.docker.contracts === 'process' ? await hostInBridge(engine, identity) : undefined;
  const planned = {
    topology,
    material: paths,
    folder,
    identity,
    contractsHost,
    images: ready,
    packages: new Map(packages),
  };
  const containers = await DockerRuntime.open(engine, planned, folder);
  const runtime =
    contractsHost === undefined
      ? containers
      : await withProcesses(containers, planned, contractsHost, images);
  return { material: paths, folder, runtime, notes, purge: () => containers.purge() };
}

/** Docker Desktop's bridges are in its own virtual machine, and this machine is in none of them. */
async function hostInBridge({ docker }: Engine, identity: DockerNetworkIdentity): Promise<string> {
  const address = await new OwnObjects(docker, identity).ensureBridge();
  return process.platform === 'linux' && address !== undefined ? address : HOST_GATEWAY;
}

async function withProcesses(
  containers: DockerRuntime,
  { topology, material, folder }: PlannedNetwork,
  contractsHost: string,
  { programs }: ImageOptions,
): Promise<CombinedRuntime> {
  const choice = { programsFolder: programs.programsFolder, variables: process.env };
  const declared = await contractProcesses(topology, material, folder, choice);
  const ports = topology.contracts.map(({ port }) => port);
  return new CombinedRuntime(
    containers,
    await ProcessRuntime.open(declared, folder),
    await HostGatewayRelay.open(contractsHost, ports),
  );
}
