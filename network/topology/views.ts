import type {
  Channel,
  Contract,
  OrdererNode,
  OrdererOrganization,
  Organization,
  PeerNode,
  PeerOrganization,
  Topology,
} from './schema';

/**
 * How the nodes of a network reach each other: as processes of one machine by `localhost`, in containers by
 * their host names. It is written into genesis blocks and chaincode packages.
 */
export type Addressing = 'localhost' | 'hostnames';

export type NodeRole = 'orderer' | 'peer';

/** A node with what is known of it from its organization. */
export type TopologyNode =
  | {
      readonly role: 'orderer';
      readonly name: string;
      readonly organization: string;
      readonly mspId: string;
      readonly domain: string;
      readonly ports: OrdererNode['ports'];
    }
  | {
      readonly role: 'peer';
      readonly name: string;
      readonly organization: string;
      readonly mspId: string;
      readonly domain: string;
      readonly ports: PeerNode['ports'];
    };
export type TopologyOrderer = Extract<TopologyNode, { role: 'orderer' }>;
export type TopologyPeer = Extract<TopologyNode, { role: 'peer' }>;

/** The one organization that runs the ordering service. */
export function ordererOrganization(topology: Topology): OrdererOrganization {
  const found = topology.organizations.find((organization) => organization.kind === 'orderer');
  if (found === undefined) throw new Error('the topology has no orderer organization');
  return found;
}

/** Organizations that run peers, in file order. */
export function peerOrganizations(topology: Topology): PeerOrganization[] {
  return topology.organizations.filter((organization) => organization.kind === 'peer');
}

/** @throws UnknownNameError */
export function organizationByName(topology: Topology, name: string): Organization {
  const wanted = name.toLowerCase();
  const found = topology.organizations.find((organization) => organization.name.toLowerCase() === wanted);
  return (
    found ??
    unknown(
      'organization',
      name,
      topology.organizations.map((organization) => organization.name),
    )
  );
}

/** @throws UnknownNameError */
export function peerOrganization(topology: Topology, name: string): PeerOrganization {
  const found = organizationByName(topology, name);
  return found.kind === 'peer'
    ? found
    : unknown(
        'peer organization',
        name,
        peerOrganizations(topology).map((o) => o.name),
      );
}

/** @throws UnknownNameError */
export function channelByName(topology: Topology, name: string): Channel {
  const found = topology.channels.find((channel) => channel.name === name);
  return (
    found ??
    unknown(
      'channel',
      name,
      topology.channels.map((channel) => channel.name),
    )
  );
}

/** @throws UnknownNameError */
export function contractByName(topology: Topology, name: string): Contract {
  const found = topology.contracts.find((contract) => contract.name === name);
  return (
    found ??
    unknown(
      'contract',
      name,
      topology.contracts.map((contract) => contract.name),
    )
  );
}

/** Organizations that are members of a channel, in the channel's order. */
export function membersOf(topology: Topology, channel: string): PeerOrganization[] {
  return channelByName(topology, channel).members.map((member) => peerOrganization(topology, member));
}

/** Channels an organization is a member of, in file order. */
export function channelsOf(topology: Topology, organization: string): Channel[] {
  return topology.channels.filter((channel) => channel.members.includes(organization));
}

/** Contracts of a channel, in file order. */
export function contractsOf(topology: Topology, channel: string): Contract[] {
  return topology.contracts.filter((contract) => contract.channel === channelByName(topology, channel).name);
}

/** The first contract of a channel; undefined where the topology puts none there. */
export function contractOf(topology: Topology, channel: string): Contract | undefined {
  return contractsOf(topology, channel)[0];
}

/** Every node, in file order. */
export function nodes(topology: Topology): TopologyNode[] {
  return topology.organizations.flatMap((organization): TopologyNode[] =>
    organization.kind === 'orderer' ? orderersOf(organization) : peersOfOrganization(organization),
  );
}

export function ordererNodes(topology: Topology): TopologyOrderer[] {
  return orderersOf(ordererOrganization(topology));
}

export function peerNodes(topology: Topology): TopologyPeer[] {
  return peerOrganizations(topology).flatMap(peersOfOrganization);
}

/** Peers of one organization. @throws UnknownNameError */
export function peersOf(topology: Topology, organization: string): TopologyPeer[] {
  return peersOfOrganization(peerOrganization(topology, organization));
}

/** Peers that join a channel: all peers of its members. */
export function peersOfChannel(topology: Topology, channel: string): TopologyPeer[] {
  return membersOf(topology, channel).flatMap(peersOfOrganization);
}

/** @throws UnknownNameError */
export function nodeByName(topology: Topology, name: string): TopologyNode {
  const all = nodes(topology);
  return (
    all.find((node) => node.name === name) ??
    unknown(
      'node',
      name,
      all.map((node) => node.name),
    )
  );
}

/** The host under which other nodes (and clients in the same network) reach a node. */
export function nodeHost(node: { readonly name: string }, addressing: Addressing): string {
  return addressing === 'localhost' ? 'localhost' : node.name;
}

/** `host:port` of a node's gRPC listener. */
export function grpcAddress(node: TopologyNode, addressing: Addressing): string {
  return `${nodeHost(node, addressing)}:${node.ports.grpc}`;
}

/** `host:port` of the channel participation REST of an orderer. */
export function adminAddress(node: TopologyOrderer, addressing: Addressing): string {
  return `${nodeHost(node, addressing)}:${node.ports.admin}`;
}

/** `host:port` of metrics, health and log levels; plain HTTP. */
export function operationsAddress(node: TopologyNode, addressing: Addressing): string {
  return `${nodeHost(node, addressing)}:${node.ports.operations}`;
}

/** Host name of a contract's process: its own name in its owner's domain. */
export function contractHost(topology: Topology, contract: Contract): string {
  return `${contract.name}.${peerOrganization(topology, contract.owner).domain}`;
}

/** `host:port` under which peers reach a contract's process. */
export function contractAddress(topology: Topology, contract: Contract, addressing: Addressing): string {
  return `${addressing === 'localhost' ? 'localhost' : contractHost(topology, contract)}:${contract.port}`;
}

/** Label of a contract's package, as `peer lifecycle chaincode package --label` takes it. */
export function packageLabel(contract: Contract): string {
  return `${contract.name}_${contract.version}`;
}

/** Name of an organization's group in channel configurations. */
export function configGroupName(organization: Organization): string {
  return organization.kind === 'orderer' ? `${organization.name}Org` : organization.mspId;
}

/** A name the topology doesn't know; `known` are the names it does. */
export class UnknownNameError extends Error {
  constructor(
    readonly kind: string,
    readonly given: string,
    readonly known: readonly string[],
  ) {
    super(`no ${kind} is named "${given}" in the topology; there are: ${known.join(', ')}`);
    this.name = 'UnknownNameError';
  }
}

function unknown(kind: string, given: string, known: readonly string[]): never {
  throw new UnknownNameError(kind, given, known);
}

function orderersOf(organization: OrdererOrganization): TopologyOrderer[] {
  return organization.nodes.map((node) => ({ role: 'orderer', ...origin(organization), ...node }));
}

function peersOfOrganization(organization: PeerOrganization): TopologyPeer[] {
  return organization.nodes.map((node) => ({ role: 'peer', ...origin(organization), ...node }));
}

function origin(organization: Organization): { organization: string; mspId: string; domain: string } {
  return { organization: organization.name, mspId: organization.mspId, domain: organization.domain };
}
