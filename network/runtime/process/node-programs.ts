import path from 'node:path';
import { readChaincodePackage } from '../../artifacts/chaincode-package';
import type { MaterialPaths } from '../../artifacts/paths';
import type { Topology } from '../../topology/schema';
import { contractHost, nodes, type TopologyNode } from '../../topology/views';
import type { NetworkFolder } from '../network-folder';
import { findGenuineProgram, type ProgramLookup } from './genuine-programs';
import {
  contractEnvironment,
  inheritedEnvironment,
  memoryFlags,
  nodeEnvironment,
  onThisMachine,
} from '../node-environment';
import type { ProcessNode } from './process-node';

export interface ProgramChoice {
  /** Folder with peer.cjs, orderer.cjs and contract-NAME.cjs. */
  readonly programsFolder: string;
  /** Which nodes are genuine Fabric programs. */
  readonly isGenuine: (node: string) => boolean;
  readonly variables: NodeJS.ProcessEnv & ProgramLookup;
}

/**
 * Every process of a network: nodes in the order of the topology, then one for each contract.
 * @throws Error when a contract's package can't be read
 */
export async function processNodes(
  topology: Topology,
  material: MaterialPaths,
  folder: NetworkFolder,
  choice: ProgramChoice,
): Promise<ProcessNode[]> {
  const inherited = inheritedEnvironment(choice.variables);
  const fabricNodes = nodes(topology).map((node): ProcessNode => {
    const paths = material.node(node.name);
    const environment = nodeEnvironment(topology, node, paths, folder, onThisMachine);
    return {
      name: node.name,
      kind: node.role,
      ...programOf(node, choice),
      environment: {
        ...inherited,
        ...(choice.isGenuine(node.name) ? {} : ownProgram(folder)),
        ...environment,
      },
      ports: Object.values(node.ports),
      readiness: {
        tls: { host: 'localhost', port: node.ports.grpc, rootCertificate: paths.tls.rootCertificate },
        operations: `localhost:${node.ports.operations}`,
      },
    };
  });
  return [...fabricNodes, ...(await contractProcesses(topology, material, folder, choice))];
}

/** One process for each contract. @throws Error when a contract's package can't be read */
export function contractProcesses(
  topology: Topology,
  material: MaterialPaths,
  folder: NetworkFolder,
  choice: Pick<ProgramChoice, 'programsFolder' | 'variables'>,
): Promise<ProcessNode[]> {
  const inherited = inheritedEnvironment(choice.variables);
  return Promise.all(
    topology.contracts.map(async (contract): Promise<ProcessNode> => {
      const paths = material.contract(contract.name);
      const { packageId } = await readChaincodePackage(paths);
      return {
        name: contractHost(topology, contract),
        kind: 'contract',
        program: 'contract',
        command: process.execPath,
        args: [...memoryFlags, path.join(choice.programsFolder, `contract-${contract.name}.cjs`)],
        environment: {
          ...inherited,
          ...ownProgram(folder),
          ...contractEnvironment(contract, paths, packageId, onThisMachine),
        },
        ports: [contract.port],
        readiness: {
          tls: { host: 'localhost', port: contract.port, rootCertificate: paths.tls.rootCertificate },
        },
      };
    }),
  );
}
function ownProgram(folder: NetworkFolder): Record<string, string> {
  return {
    // The pipe on standard input is the supervisor's life line.
    CITYFLOW_SUPERVISED: '1',
    // glibc keeps an arena per thread otherwise, tens of megabytes a process.
    MALLOC_ARENA_MAX: '1',
    // From Node 22 on, programs start without being compiled again.
    NODE_COMPILE_CACHE: folder.compileCache,
  };
}

function programOf(
  node: TopologyNode,
  choice: ProgramChoice,
): Pick<ProcessNode, 'program' | 'command' | 'args'> {
  if (choice.isGenuine(node.name)) {
    return {
      program: 'genuine',
      command: findGenuineProgram(node.role, choice.variables),
      args: node.role === 'peer' ? ['node', 'start'] : [],
    };
  }
  return {
    program: 'embedded',
    command: process.execPath,
    args: [...memoryFlags, path.join(choice.programsFolder, `${node.role}.cjs`)],
  };
}
