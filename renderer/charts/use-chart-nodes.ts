import { useMemo } from 'react';
import type { NetworkStatus, NodeStatus } from '../../electron/api/models';

/** What charts need to know of a node. */
export type ChartNode = Pick<NodeStatus, 'name' | 'role' | 'organization' | 'contract'>;

/** The nodes of a status. The same array for as long as they are the same nodes, however often the status changes. */
export function useChartNodes(status: NetworkStatus | undefined): readonly ChartNode[] {
  const key = JSON.stringify(
    (status?.nodes ?? []).map(({ name, role, organization, contract }) => ({
      name,
      role,
      organization,
      contract,
    })),
  );
  return useMemo(() => JSON.parse(key) as ChartNode[], [key]);
}
