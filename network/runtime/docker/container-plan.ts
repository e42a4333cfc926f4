import path from 'node:path';
import type { ContainerCreateOptions } from 'dockerode';
import type { MaterialPaths } from '../../artifacts/paths';
import { materialPaths } from '../../artifacts/paths';
import type { Contract, Topology } from '../../topology/schema';
import { byteCount } from '../../topology/quantities';
import { contractHost, nodes } from '../../topology/views';
import type { TopologyNode } from '../../topology/views';
import { NetworkFolder } from '../network-folder';
import type { NodeProgram, RuntimeNodeKind } from '../network-runtime';
import { contractEnvironment, inContainers, memoryFlags, nodeEnvironment } from '../node-environment';
import type { Readiness } from '../readiness';
import { ownLabels } from './labels';
import type { DockerNetworkIdentity } from './labels';

/** Where a node finds in its container what lies in the network's folder on the host. */
export const INSIDE = '/var/cityflow';
const LOOPBACK = '127.0.0.1';
const STOP_SECONDS = 15;
const NANOS_A_CPU = 1e9;
/**
 * What the engine keeps of a container's output; the console has its own copy in the network's folder. The engine's
 * default, json-file, breaks characters where it cuts lines longer than 16 KB.
 */
export const LOG_CONFIG = { Type: 'local', Config: { 'max-size': '10m', 'max-file': '3' } };

/** One container as the topology wants it. */
export interface ContainerPlan {
  readonly node: string;
  readonly kind: RuntimeNodeKind;
  readonly program: NodeProgram;
  readonly container: string;
  /** Its ledger; contracts have none. */
  readonly volume: string | undefined;
  /** As the engine takes it; carries the settings as labels. */
  readonly options: ContainerCreateOptions;
  /** Settings by name, in words: what drift is told by. */
  readonly settings: Readonly<Record<string, string>>;
  /** TCP ports of this machine that it publishes. */
  readonly ports: readonly number[];
  readonly readiness: Readiness;
}

/** Images by what runs in them. */
export interface PlannedImages {
  readonly orderer: string;
  readonly peer: string;
  readonly contracts: string;
}

export interface PlannedNetwork {
  readonly topology: Topology;
  /** On the host. */
  readonly material: MaterialPaths;
  readonly folder: NetworkFolder;
  readonly identity: DockerNetworkIdentity;
  readonly images: PlannedImages;
  /** Where containers reach contracts that run beside them; undefined where those are containers too. */
  readonly contractsHost: string | undefined;
  /** Package ids of contracts by name. */
  readonly packages: ReadonlyMap<string, string>;
}

/** Every container of a network: nodes in the order of the topology, then contracts where they are containers too. */
export function containerPlans(network: PlannedNetwork): ContainerPlan[] {
  const { topology } = network;
  const contracts = topology.docker.contracts === 'container' ? topology.contracts : [];
  return [
    ...nodes(topology).map((node) => nodePlan(network, node)),
    ...contracts.map((contract) => contractPlan(network, contract)),
  ];
}

/** `NETWORK_NODE`: several networks share one engine. */
export const objectName = ({ network }: DockerNetworkIdentity, node: string): string => `${network}_${node}`;
export const bridgeName = ({ network }: DockerNetworkIdentity): string => `cityflow-${network}`;

function nodePlan(network: PlannedNetwork, node: TopologyNode): ContainerPlan {
  const { topology, material, folder, identity, images } = network;
  const inside = materialPaths(topology, INSIDE);
  const insideFolder = new NetworkFolder(INSIDE);
  const isGenuine = topology.docker.images === 'genuine';
  const volume = objectName(identity, node.name);
  const configuration =
    node.role === 'peer'
      ? [
          readOnly(folder.peerConfiguration, insideFolder.peerConfiguration),
          readOnly(folder.chaincodeBuilder, insideFolder.chaincodeBuilder),
        ]
      : [readOnly(folder.ordererConfiguration, insideFolder.ordererConfiguration)];
  const tls = material.node(node.name).tls;
  return plan(network, {
    node: node.name,
    kind: node.role,
    program: isGenuine ? 'genuine' : 'embedded',
    image: images[node.role],
    command: isGenuine
      ? node.role === 'peer'
        ? ['peer', 'node', 'start']
        : ['orderer']
      : ['node', ...memoryFlags, `/opt/cityflow/${node.role}.cjs`],
    environment: nodeEnvironment(topology, node, inside.node(node.name), insideFolder, inContainers),
    binds: [
      readOnly(material.node(node.name).folder, inside.node(node.name).folder),
      ...configuration,
      `${volume}:${insideFolder.data(node.name)}`,
    ],
    volume,
    ports: publishedPorts(node),
    readiness: {
      tls: { host: 'localhost', port: node.ports.grpc, rootCertificate: tls.rootCertificate },
      operations: `localhost:${node.ports.operations}`,
    },
  });
}

/** A peer's chaincode listener is for contracts that peers start themselves: nobody asks for it from outside. */
export const publishedPorts = (node: TopologyNode): Readonly<Record<string, number>> =>
  node.role === 'peer' ? { grpc: node.ports.grpc, operations: node.ports.operations } : node.ports;

function contractPlan(network: PlannedNetwork, contract: Contract): ContainerPlan {
  const { topology, material, images, packages } = network;
  const inside = materialPaths(topology, INSIDE).contract(contract.name);
  const { tls } = material.contract(contract.name);
  return plan(network, {
    node: contractHost(topology, contract),
    kind: 'contract',
    program: 'contract',
    image: images.contracts,
    command: ['node', ...memoryFlags, `/opt/cityflow/contract-${contract.name}.cjs`],
    environment: contractEnvironment(contract, inside, packages.get(contract.name) ?? '', inContainers),
    binds: [readOnly(path.dirname(tls.key), path.posix.dirname(inside.tls.key))],
    volume: undefined,
    ports: { chaincode: contract.port },
    readiness: { tls: { host: 'localhost', port: contract.port, rootCertificate: tls.rootCertificate } },
  });
}

interface Wanted {
  readonly node: string;
  readonly kind: RuntimeNodeKind;
  readonly program: NodeProgram;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly binds: readonly string[];
  readonly volume: string | undefined;
  readonly ports: Readonly<Record<string, number>>;
  readonly readiness: Readiness;
}

function plan(network: PlannedNetwork, wanted: Wanted): ContainerPlan {
  const { topology, identity } = network;
  const hosts = wanted.kind === 'peer' ? contractHosts(network) : [];
  const { memory, cpus } = topology.docker.limits[wanted.kind];
  const ports = Object.values(wanted.ports);
  const settings = {
    image: wanted.image,
    command: wanted.command.join(' '),
    ...Object.fromEntries(
      Object.entries(wanted.environment).map(([name, value]) => [`environment ${name}`, value]),
    ),
    mounts: wanted.binds.join(', '),
    hosts: hosts.join(', '),
    ports: ports.join(', '),
    restart: topology.docker.restart,
    'memory limit': memory ?? 'none',
    'processor limit': cpus === undefined ? 'none' : `${cpus} cores`,
  };
  const container = objectName(identity, wanted.node);
  return {
    node: wanted.node,
    kind: wanted.kind,
    program: wanted.program,
    container,
    volume: wanted.volume,
    settings,
    ports,
    readiness: wanted.readiness,
    options: {
      name: container,
      Hostname: wanted.node,
      Image: wanted.image,
      Cmd: [...wanted.command],
      Env: Object.entries(wanted.environment).map(([name, value]) => `${name}=${value}`),
      Labels: ownLabels(identity, { node: wanted.node, settings }),
      ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
      StopTimeout: STOP_SECONDS,
      HostConfig: {
        Binds: [...wanted.binds],
        // Operations endpoints have no sign-in: nothing is published beyond this machine.
        PortBindings: Object.fromEntries(
          ports.map((port) => [`${port}/tcp`, [{ HostIp: LOOPBACK, HostPort: String(port) }]]),
        ),
        RestartPolicy: {
          Name: topology.docker.restart,
          ...(topology.docker.restart === 'on-failure' ? { MaximumRetryCount: 5 } : {}),
        },
        LogConfig: LOG_CONFIG,
        ...(memory === undefined ? {} : { Memory: byteCount(memory), MemorySwap: byteCount(memory) }),
        ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * NANOS_A_CPU) }),
        ...(hosts.length === 0 ? {} : { ExtraHosts: hosts }),
      },
      NetworkingConfig: {
        EndpointsConfig: { [bridgeName(identity)]: { Aliases: [wanted.node] } },
      },
    },
  };
}

/** Contracts that run beside the containers keep their names. */
const contractHosts = ({ topology, contractsHost }: PlannedNetwork): string[] =>
  contractsHost === undefined
    ? []
    : topology.contracts.map((contract) => `${contractHost(topology, contract)}:${contractsHost}`);

const readOnly = (host: string, inside: string): string => `${host}:${inside}:ro`;
