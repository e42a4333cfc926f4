import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTopology } from './load';
import { withPortOffset } from './port-offset';
import type { Topology } from './schema';
import {
  adminAddress,
  channelsOf,
  configGroupName,
  contractAddress,
  contractByName,
  contractOf,
  grpcAddress,
  membersOf,
  nodeByName,
  nodes,
  operationsAddress,
  ordererNodes,
  organizationByName,
  peerNodes,
  peersOf,
  peersOfChannel,
  UnknownNameError,
} from './views';

let topology: Topology;
beforeAll(async () => {
  topology = await loadTopology(path.join(import.meta.dirname, '..', 'cityflow.yaml'));
});

/** A copy to change, so that views are seen to follow the file. */
function copy(change: (draft: Topology) => void): Topology {
  const draft = structuredClone(topology);
  change(draft);
  return draft;
}

it('nodes are the orderers and peers of all organizations with their MSP', () => {
  expect(nodes(topology)).toHaveLength(ordererNodes(topology).length + peerNodes(topology).length);
  for (const node of nodes(topology)) {
    const organization = organizationByName(topology, node.organization);
    expect(node).toMatchObject({
      mspId: organization.mspId,
      domain: organization.domain,
      role: organization.kind,
    });
    expect(nodeByName(topology, node.name)).toEqual(node);
  }
});

it('peers of a channel are all peers of its members', () => {
  for (const channel of topology.channels) {
    const members = membersOf(topology, channel.name);
    expect(members.map(({ name }) => name)).toEqual(channel.members);
    expect(peersOfChannel(topology, channel.name)).toEqual(
      members.flatMap(({ name }) => peersOf(topology, name)),
    );
    for (const member of members) expect(channelsOf(topology, member.name)).toContain(channel);
  }
});

it('every channel has the contract the file puts there', () => {
  for (const contract of topology.contracts) expect(contractOf(topology, contract.channel)).toBe(contract);
  expect(
    contractOf(
      copy((draft) => (draft.contracts = [])),
      topology.contracts[0]?.channel ?? '',
    ),
  ).toBeUndefined();
});

it('a new peer is in every view at once', () => {
  const extended = copy((draft) => {
    for (const organization of draft.organizations) {
      if (organization.kind !== 'peer' || organization.name !== draft.channels[0]?.members[0]) continue;
      organization.nodes.push({
        name: `peer9.${organization.domain}`,
        ports: { grpc: 1, chaincode: 2, operations: 3 },
      });
    }
  });
  const channel = topology.channels[0]?.name ?? '';
  expect(peersOfChannel(extended, channel)).toHaveLength(peersOfChannel(topology, channel).length + 1);
});

describe('addresses', () => {
  it('are localhost for processes and host names for containers', () => {
    const [orderer] = ordererNodes(topology);
    if (orderer === undefined) throw new Error('the topology has an orderer');
    expect(grpcAddress(orderer, 'localhost')).toBe(`localhost:${orderer.ports.grpc}`);
    expect(grpcAddress(orderer, 'hostnames')).toBe(`${orderer.name}:${orderer.ports.grpc}`);
    expect(adminAddress(orderer, 'localhost')).toBe(`localhost:${orderer.ports.admin}`);
    expect(operationsAddress(orderer, 'localhost')).toBe(`localhost:${orderer.ports.operations}`);
  });

  it('of a contract are in the domain of its owner', () => {
    for (const contract of topology.contracts) {
      const { domain } = organizationByName(topology, contract.owner);
      expect(contractAddress(topology, contract, 'hostnames')).toBe(
        `${contract.name}.${domain}:${contract.port}`,
      );
      expect(contractAddress(topology, contract, 'localhost')).toBe(`localhost:${contract.port}`);
    }
  });
});

it('names the known ones when asked for an unknown one', () => {
  expect(() => nodeByName(topology, 'peer7.nowhere')).toThrow(UnknownNameError);
  expect(() => nodeByName(topology, 'peer7.nowhere')).toThrow(nodes(topology)[0]?.name);
  expect(() => contractByName(topology, 'nothing')).toThrow('no contract is named "nothing"');
});

it('finds organizations in any case', () => {
  const [organization] = topology.organizations;
  expect(organizationByName(topology, organization?.name.toUpperCase() ?? '')).toBe(organization);
});

it('names groups of channel configurations as configtxgen profiles of this network do', () => {
  expect(topology.organizations.map(configGroupName)).toContain('OrdererOrg');
  for (const organization of membersOf(topology, topology.channels[0]?.name ?? '')) {
    expect(configGroupName(organization)).toBe(organization.mspId);
  }
});

describe('with a port offset', () => {
  const ports = (of: Topology): number[] => [
    ...nodes(of).flatMap((node) => Object.values(node.ports)),
    ...of.contracts.map(({ port }) => port),
    of.backend.port,
    of.console.port,
  ];

  it('every port moves and nothing else changes', () => {
    expect(ports(withPortOffset(topology, 20_000))).toEqual(ports(topology).map((port) => port + 20_000));
    expect(withPortOffset(withPortOffset(topology, 500), -500)).toEqual(topology);
  });

  it('refuses to leave the range of ports', () => {
    expect(() => withPortOffset(topology, 60_000)).toThrow(RangeError);
  });
});
