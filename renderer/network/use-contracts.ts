import { useQueryClient } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ContractStatus, NetworkStatus } from '../../electron/api/models';
import type { ProblemFailure } from '../client/problem-failure';
import { operationKey, useOperation } from '../client/use-operation';
import type { OperationOptions } from '../client/use-operation';
import { useNetworkStatus } from './use-network';

/**
 * The declared contracts. All that is known of them is asked again when the status says that a definition was
 * committed, or that a node came or went: it decides what they describe, and whether their policies can be met.
 */
export function useContracts(
  options: OperationOptions = {},
): UseQueryResult<ContractStatus[], ProblemFailure> {
  const queries = useQueryClient();
  const status = useNetworkStatus().data;
  const revision = status && revisionOf(status);
  const seen = useRef(revision);
  useEffect(() => {
    const before = seen.current;
    seen.current = revision;
    if (before === undefined || revision === undefined || before === revision) return;
    for (const operation of ['contract.list', 'contract.show', 'contract.endorsement'] as const) {
      void queries.invalidateQueries({ queryKey: operationKey(operation) });
    }
  }, [queries, revision]);
  return useOperation('contract.list', {}, options);
}

const revisionOf = ({ channels, nodes }: NetworkStatus): string =>
  JSON.stringify([
    channels.map(({ contract }) => contract),
    nodes.map(({ role, state, health }) => [state, role === 'contract' && health.status]),
  ]);
