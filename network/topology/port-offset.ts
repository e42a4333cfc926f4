import type { Topology } from './schema';

/**
 * The same network with every port moved by `offset`, so that several can run on one machine at a time.
 * @throws RangeError when a port would leave 1…65535
 */
export function withPortOffset(topology: Topology, offset: number): Topology {
  const moved = <P extends Record<string, number>>(ports: P): P =>
    Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, move(port, offset)])) as P;
  return {
    ...topology,
    organizations: topology.organizations.map((organization) =>
      organization.kind === 'orderer'
        ? {
            ...organization,
            nodes: organization.nodes.map((node) => ({ ...node, ports: moved(node.ports) })),
          }
        : {
            ...organization,
            nodes: organization.nodes.map((node) => ({ ...node, ports: moved(node.ports) })),
          },
    ),
    contracts: topology.contracts.map((contract) => ({ ...contract, port: move(contract.port, offset) })),
    backend: moved(topology.backend),
    console: moved(topology.console),
  };
}

function move(port: number, offset: number): number {
  const moved = port + offset;
  if (moved < 1 || moved > 65_535) throw new RangeError(`port ${port} moved by ${offset} is outside 1…65535`);
  return moved;
}
