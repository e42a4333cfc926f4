import { createServer } from 'node:net';
import type { Topology } from './schema';
import { nodes } from './views';

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

/** Below the ports Linux and macOS hand out for outgoing connections. */
const HIGHEST_OFFSET = 32_000;
const LOWEST_OFFSET = 11_000;
const ATTEMPTS = 100;

/**
 * The same network on ports that are all free on loopback at this moment, for tests that start nodes.
 * @throws Error when none were found
 */
export async function withFreePorts(topology: Topology): Promise<Topology> {
  const highest = Math.max(...portsOf(topology));
  const range = HIGHEST_OFFSET - highest - LOWEST_OFFSET;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const moved = withPortOffset(topology, LOWEST_OFFSET + Math.floor(Math.random() * range));
    const free = await Promise.all(portsOf(moved).map(isFree));
    if (free.every(Boolean)) return moved;
  }
  throw new Error(`no offset with all ports free was found in ${ATTEMPTS} attempts`);
}

function portsOf(topology: Topology): number[] {
  return [
    ...nodes(topology).flatMap((node) => Object.values(node.ports)),
    ...topology.contracts.map(({ port }) => port),
    topology.backend.port,
    topology.console.port,
  ];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
