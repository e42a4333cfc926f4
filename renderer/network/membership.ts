import type { NetworkStatus, NodeStatus } from '../../electron/api/models';
import type { OrganizationLook } from '../ui/organization';

/** Organizations in the topology's order. */
export function organizationsOf(status: NetworkStatus): OrganizationLook[] {
  const organizations = new Map<string, OrganizationLook>();
  for (const { organization, role } of status.nodes) {
    if (!organizations.has(organization)) {
      organizations.set(organization, { name: organization, ordering: role === 'orderer' });
    }
  }
  return [...organizations.values()];
}

/** The organization of an MSP id as this network calls it; an MSP of no node here keeps its id. */
export const organizationOfMsp = ({ nodes }: NetworkStatus, mspId: string): string =>
  nodes.find((node) => node.mspId === mspId)?.organization ?? mspId;

/** `peer0` of `peer0.parkingoperator.cityflow.com`: what tells a node from its organization's others. */
export const shortNodeName = (name: string): string => name.split('.')[0] ?? name;

/** `peer0.parkingoperator`: what tells a node from all others. */
export const nodeTitle = (name: string): string => name.split('.').slice(0, 2).join('.');

/** `parking` of `parking-channel`. */
export const shortChannelName = (name: string): string => name.replace(/-channel$/, '');

export const peersOf = (status: NetworkStatus, channel: { members: readonly string[] }): NodeStatus[] =>
  status.nodes.filter((node) => node.role === 'peer' && channel.members.includes(node.organization));

/** A peer that has just committed is ahead of the others for a moment: fewer blocks than this need nobody. */
export const LAG_BLOCKS = 3n;

export interface PeerLag {
  readonly node: NodeStatus;
  readonly channel: string;
  readonly blocks: bigint;
}

/** How far each running peer is behind the highest peer of each of its channels, worst first; level ones are left out. */
export function lagsOf(status: NetworkStatus): PeerLag[] {
  return status.channels
    .flatMap((channel) => {
      if (channel.height === null) return [];
      const top = BigInt(channel.height);
      return peersOf(status, channel).flatMap((node) => {
        const chain = node.channels.find(({ name }) => name === channel.name);
        const blocks = chain ? top - BigInt(chain.height) : 0n;
        return blocks > 0n ? [{ node, channel: channel.name, blocks }] : [];
      });
    })
    .toSorted((a, b) => (a.blocks < b.blocks ? 1 : a.blocks > b.blocks ? -1 : 0));
}

export const nodesUp = (status: NetworkStatus): number =>
  status.nodes.filter((node) => node.state === 'running').length;

export interface Joins {
  readonly joined: number;
  /** By the topology: each member's peers in each of its channels. */
  readonly declared: number;
}

/** How many of the declared memberships the peers themselves confirm. */
export function joinsOf(status: NetworkStatus): Joins {
  const declared = status.channels.flatMap((channel) =>
    peersOf(status, channel).map((peer) => peer.channels.some(({ name }) => name === channel.name)),
  );
  return { joined: declared.filter(Boolean).length, declared: declared.length };
}
