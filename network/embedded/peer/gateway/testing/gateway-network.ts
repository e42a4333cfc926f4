import { GatewayError, type Gateway } from '@hyperledger/fabric-gateway';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NetworkClients } from '../../../../admin/network-clients';
import { NetworkDirectory } from '../../../../admin/network-directory';
import { GatewayConnections } from '../../../../gateway/connections';
import type { Signer } from '../../../../protocol/signing';
import { bringUp } from '../../../../runtime/bring-up';
import { openProcessNetwork, type ProcessNetwork } from '../../../../runtime/process/open-network';
import { loadTopology } from '../../../../topology/load';
import { withFreePorts } from '../../../../topology/port-offset';
import type { Topology } from '../../../../topology/schema';
import { contractHost, nodes } from '../../../../topology/views';

export const CHANNEL = 'user-channel';
export const CONTRACT = 'odd';
const HOME = 'UserService';
const OTHER = 'ParkingOperator';
/** Belongs to the network and to no channel. */
const OUTSIDER = 'CityManagement';
const repository = path.join(import.meta.dirname, '../../../../..');

/** How a call ended, in words that are the same on every network. */
export interface Answer {
  /** gRPC status code; 0 when it succeeded. */
  readonly code: number;
  readonly text: string;
  /** What each asked node said, sorted. */
  readonly nodes: readonly string[];
}

/** One orderer, two organizations with two peers each and a contract both have to endorse: embedded or genuine. */
export class GatewayNetwork {
  readonly #gateways: GatewayConnections;

  private constructor(
    private readonly network: ProcessNetwork,
    readonly clients: NetworkClients,
    private readonly root: string,
    readonly names: {
      readonly orderer: string;
      readonly home: readonly [string, string];
      readonly other: readonly [string, string];
      readonly contract: string;
    },
    readonly registrar: Signer,
    readonly outsider: Signer,
  ) {
    this.#gateways = new GatewayConnections(clients.connections);
  }

  static async start(genuine: boolean): Promise<GatewayNetwork> {
    const topology = await withFreePorts(
      reduced(await loadTopology(path.join(repository, 'network/cityflow.yaml'))),
    );
    const root = await mkdtemp(path.join(tmpdir(), 'gateway-network-'));
    const network = await openProcessNetwork(topology, root, {
      programsFolder: await programs(path.join(root, 'programs')),
      isGenuine: () => genuine,
      variables: process.env,
    });
    const directory = await NetworkDirectory.read(topology, network.material, 'localhost');
    const clients = new NetworkClients(directory);
    const [contract] = topology.contracts;
    const [orderer] = directory.orderers();
    const [home0, home1] = directory.peersOf(HOME);
    const [other0, other1] = directory.peersOf(OTHER);
    if (!contract || !orderer || !home0 || !home1 || !other0 || !other1) throw new Error('nodes are missing');
    const started = new GatewayNetwork(
      network,
      clients,
      root,
      {
        orderer: orderer.name,
        home: [home0.name, home1.name],
        other: [other0.name, other1.name],
        contract: contractHost(topology, contract),
      },
      await directory.signer(HOME, 'registrar'),
      await directory.signer(OUTSIDER, 'User1'),
    );
    try {
      await bringUp({ ...network, clients });
    } catch (error) {
      await started.dispose();
      throw error;
    }
    return started;
  }

  get runtime() {
    return this.network.runtime;
  }

  /** The gateway of the first peer of the identity's home. */
  gateway(signer: Signer = this.registrar, peer: string = this.names.home[0]): Gateway {
    return this.#gateways.gateway(this.clients.directory.node(peer), signer);
  }

  /** How the call ended, without addresses, ports and ids of its own. */
  async answer(call: () => Promise<unknown>): Promise<Answer> {
    try {
      const value = await call();
      return { code: 0, text: typeof value === 'string' ? value : '', nodes: [] };
    } catch (error) {
      if (error instanceof GatewayError) {
        return {
          code: error.code,
          text: this.#anonymous(error.cause.details),
          nodes: error.details
            .map(({ address, mspId, message }) => this.#anonymous(`${mspId} ${address}: ${message}`))
            .sort(),
        };
      }
      if (error instanceof Error && 'code' in error && 'details' in error) {
        return { code: Number(error.code), text: this.#anonymous(String(error.details)), nodes: [] };
      }
      throw error;
    }
  }

  /** Stops a process as a debugger would: its connections stand and nothing answers. */
  async freeze(node: string): Promise<() => void> {
    const status = await this.runtime.state(node);
    if (status.state !== 'running') throw new Error(`${node} does not run`);
    process.kill(status.pid, 'SIGSTOP');
    return () => process.kill(status.pid, 'SIGCONT');
  }

  async dispose(): Promise<void> {
    await this.clients.close();
    await this.runtime.stopAll();
    await this.runtime.close();
    await rm(this.root, { recursive: true, force: true });
  }

  #anonymous(text: string): string {
    const { topology } = this.clients.directory;
    let plain = text.replaceAll('\u00a0', ' ');
    for (const node of nodes(topology)) {
      plain = plain.replaceAll(
        new RegExp(`(localhost|127\\.0\\.0\\.1):${node.ports.grpc}\\b`, 'g'),
        node.name,
      );
    }
    for (const { name, port } of topology.contracts)
      plain = plain.replaceAll(new RegExp(`(localhost|127\\.0\\.0\\.1):${port}\\b`, 'g'), name);
    return plain.replaceAll(/\b[0-9a-f]{64}\b/g, '<hash>').replaceAll(/127\.0\.0\.1:\d+->/g, '');
  }
}

/** Both members' peers endorse, blocks are cut soon, the contract is this folder's. */
function reduced(full: Topology): Topology {
  const [contract] = full.contracts;
  if (contract === undefined) throw new Error('the topology has no contracts');
  const members = [HOME, OTHER];
  const mspIds = members.map((name) => full.organizations.find((one) => one.name === name)?.mspId ?? '');
  return {
    ...full,
    organizations: full.organizations.map((organization) =>
      organization.kind === 'peer' && !members.includes(organization.name)
        ? { ...organization, nodes: [] }
        : organization,
    ),
    channels: full.channels
      .filter(({ name }) => name === CHANNEL)
      .map((channel) => ({ ...channel, members })),
    contracts: [
      {
        ...contract,
        name: CONTRACT,
        channel: CHANNEL,
        owner: HOME,
        endorsement: `AND(${mspIds.map((mspId) => `'${mspId}.peer'`).join(', ')})`,
      },
    ],
    ordering: { ...full.ordering, batchTimeout: '200ms' },
  };
}

/** The built programs with this folder's contract beside them. */
async function programs(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const program of ['peer.cjs', 'orderer.cjs']) {
    await symlink(path.join(repository, 'out', program), path.join(folder, program));
  }
  await symlink(
    path.join(import.meta.dirname, 'odd-contract.cjs'),
    path.join(folder, `contract-${CONTRACT}.cjs`),
  );
  return folder;
}
