import type { NetworkStatus } from '../../../electron/api/models';
import { useOperation } from '../../client/use-operation';
import type { MetricTab } from './search';

/** How long the orderer waits for a block to fill, as the channel says; the first channel's where none is chosen. */
export function useBatchTimeout(
  status: NetworkStatus | undefined,
  channel: string | undefined,
  tab: MetricTab,
): number | undefined {
  const asked = channel ?? status?.channels[0]?.name;
  const wanted = tab === 'network' || tab === 'orderer';
  const detail = useOperation(
    'channel.show',
    { channel: asked ?? '' },
    { enabled: wanted && asked !== undefined && status !== undefined && status.state !== 'stopped' },
  );
  return detail.data?.blockCutting.batchTimeoutMs;
}
