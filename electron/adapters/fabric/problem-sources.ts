import type { ProblemSource } from '../../api/problems';
import type { DeclaredNetwork } from '../../core/ports/network-host';
import { nodeAt } from '../../core/services/declared-nodes';

/** What a failure is told with: whose nodes, and what was called. */
export interface FailureContext {
  readonly declared: DeclaredNetwork;
  readonly call?: { readonly channel: string; readonly contract: string } | undefined;
  /** The contract's process or container, where nothing could be connected to at its address. */
  readonly unreached?: { readonly node: string; readonly address: string } | undefined;
}

/**
 * Who said it, by name and organization.
 * @param where a node's name, or its address as other nodes write it
 */
export function sourceAt({ declared }: FailureContext, where: string, message: string): ProblemSource {
  const node = declared.nodes.find(({ name }) => name === where) ?? nodeAt(declared, where);
  if (!node) return { name: where, message };
  const { name, mspId, organization, address } = node;
  return { name, mspId, organization, address, message };
}
