import type { NetworkStatus, NodeStatus } from '../../electron/api/models';

/** By its full name, or by its beginning up to a dot where only one begins so: as the command line takes it. */
export function nodeNamed(status: NetworkStatus, name: string): NodeStatus | undefined {
  const exact = status.nodes.find((node) => node.name === name);
  if (exact) return exact;
  const [only, ...more] = status.nodes.filter((node) => node.name.startsWith(`${name}.`));
  return more.length === 0 ? only : undefined;
}
