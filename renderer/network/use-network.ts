import { defineLive } from '../client/use-live';
import { useOperation } from '../client/use-operation';
import type { NetworkStatus } from '../../electron/api/models';

const IDENTITIES_POLL_MS = 60_000;

/**
 * One source for every number about nodes, channels and heights: the same in all views, as it changes. It is told by
 * the core, so that nothing needs to be asked again after a command.
 */
export const useNetworkStatus = defineLive('network.status', {}, (_before, status): NetworkStatus => status);

export const useIdentities = () => useOperation('identity.list', {}, { pollMs: IDENTITIES_POLL_MS });
