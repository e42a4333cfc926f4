import type { DeclaredNetwork, DeclaredNode } from '../ports/network-host';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\]):/;

/**
 * The node that is reached at `host:port`, as nodes advertise themselves: on one machine by localhost, in containers
 * by the node's own name.
 */
export function nodeAt(declared: DeclaredNetwork, address: string): DeclaredNode | undefined {
  const wanted = address.replace(LOOPBACK, 'localhost:');
  return declared.nodes.find((node) => {
    const port = node.address.slice(node.address.lastIndexOf(':'));
    return [node.address.replace(LOOPBACK, 'localhost:'), node.name + port].includes(wanted);
  });
}
