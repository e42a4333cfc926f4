import { readFile } from 'node:fs/promises';
import type { MaterialPaths } from '../artifacts/paths';
import { loadSigner, type Signer } from '../protocol/signing';
import type { Topology } from '../topology/schema';
import {
  adminAddress,
  grpcAddress,
  nodeByName,
  nodes,
  ordererNodes,
  ordererOrganization,
  peersOf,
  peersOfChannel,
  UnknownNameError,
  type Addressing,
} from '../topology/views';
import type { NodeAddress } from './node-connection';
import type { OrdererAdminAddress } from './participation';

/**
 * Where each node of a network is, and who asks it: reads about a node are made as an admin of that node's own
 * organization, whoever a user acts as.
 */
export class NetworkDirectory {
  readonly #signers = new Map<string, Promise<Signer>>();

  private constructor(
    readonly topology: Topology,
    private readonly material: MaterialPaths,
    private readonly addressing: Addressing,
    private readonly addresses: ReadonlyMap<string, NodeAddress>,
  ) {}

  /** Reads the nodes' TLS CA certificates. */
  static async read(
    topology: Topology,
    material: MaterialPaths,
    addressing: Addressing,
  ): Promise<NetworkDirectory> {
    const entries = nodes(topology).map(async (node): Promise<[string, NodeAddress]> => {
      const { tls } = material.node(node.name);
      const tlsRootCertificates = await readFile(tls.rootCertificate, 'utf8');
      const address = grpcAddress(node, addressing);
      return [node.name, { name: node.name, mspId: node.mspId, address, tlsRootCertificates }];
    });
    return new NetworkDirectory(topology, material, addressing, new Map(await Promise.all(entries)));
  }

  /** @throws UnknownNameError */
  node(name: string): NodeAddress {
    const found = this.addresses.get(name);
    if (!found) throw new UnknownNameError('node', name, [...this.addresses.keys()]);
    return found;
  }

  orderers(): NodeAddress[] {
    return ordererNodes(this.topology).map((node) => this.node(node.name));
  }

  /** Peers of one organization, in the order of the topology. */
  peersOf(organization: string): NodeAddress[] {
    return peersOf(this.topology, organization).map((node) => this.node(node.name));
  }

  peersOfChannel(channel: string): NodeAddress[] {
    return peersOfChannel(this.topology, channel).map((node) => this.node(node.name));
  }

  /** Peers of an organization that are on a channel, for `GatewayTransactions`. */
  readonly gatewayPeers = (mspId: string, channelId: string): NodeAddress[] =>
    this.peersOfChannel(channelId).filter((peer) => peer.mspId === mspId);

  /** The orderer's admin listener, with the TLS client certificate of its organization's admin. */
  async ordererAdmin(name: string): Promise<OrdererAdminAddress> {
    const node = nodeByName(this.topology, name);
    if (node.role !== 'orderer') {
      throw new UnknownNameError(
        'orderer',
        name,
        ordererNodes(this.topology).map((orderer) => orderer.name),
      );
    }
    const { tls } = this.material.user(ordererOrganization(this.topology).name, 'Admin');
    const [host = ''] = adminAddress(node, this.addressing).split(':');
    const [clientCertificate, clientKey] = await Promise.all([
      readFile(tls.certificate, 'utf8'),
      readFile(tls.key, 'utf8'),
    ]);
    const { tlsRootCertificates } = this.node(name);
    return { name, host, port: node.ports.admin, tlsRootCertificates, clientCertificate, clientKey };
  }

  /** An identity of the network's material, read once. `organization` and `name` in any case. */
  signer(organization: string, name: string): Promise<Signer> {
    const user = this.material.user(organization, name);
    let signer = this.#signers.get(user.mspFolder);
    if (!signer) {
      signer = loadSigner(user.mspId, user.mspFolder);
      this.#signers.set(user.mspFolder, signer);
    }
    return signer;
  }

  admin(organization: string): Promise<Signer> {
    return this.signer(organization, 'Admin');
  }

  /** Who asks this node about itself. */
  adminOfNode(name: string): Promise<Signer> {
    return this.admin(nodeByName(this.topology, name).organization);
  }
}
