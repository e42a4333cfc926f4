import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { NodeStatus } from '../../../electron/api/models';
import { operationKey, useOperation } from '../../client/use-operation';

const DETAIL_POLL_MS = 4_000;

/** All about one node; asked again at once when the status says that it started or ended. */
export function useNodeDetail({ name, state, pid }: NodeStatus) {
  const queries = useQueryClient();
  const life = `${state} ${String(pid)}`;
  const seen = useRef(life);
  useEffect(() => {
    if (seen.current === life) return;
    seen.current = life;
    void queries.invalidateQueries({ queryKey: operationKey('node.show', { node: name }) });
  }, [queries, name, life]);
  return useOperation('node.show', { node: name }, { pollMs: DETAIL_POLL_MS });
}
