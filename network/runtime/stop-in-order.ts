import type { RuntimeNodeKind } from './network-runtime';

/**
 * Peers and contracts first: an orderer that goes first leaves them complaining in their logs.
 * @throws AggregateError after all were tried
 */
export async function stopInOrder(
  nodes: readonly { readonly kind: RuntimeNodeKind; stop(): Promise<void> }[],
): Promise<void> {
  const failures: unknown[] = [];
  for (const kinds of [['contract', 'peer'], ['orderer']]) {
    const results = await Promise.allSettled(
      nodes.filter(({ kind }) => kinds.includes(kind)).map((node) => node.stop()),
    );
    failures.push(
      ...results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
    );
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not every node could be stopped');
}
