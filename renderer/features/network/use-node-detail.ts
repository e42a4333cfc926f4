import { useOperation } from '../../client/use-operation';

const DETAIL_POLL_MS = 4_000;

/** All about one node. Its state changes at once in the status; the rest is asked for less often. */
export const useNodeDetail = (node: string) =>
  useOperation('node.show', { node }, { pollMs: DETAIL_POLL_MS });
