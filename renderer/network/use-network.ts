import { defineLive } from '../client/use-live';
import { useOperation } from '../client/use-operation';
import { useTasks } from '../client/use-task';
import type { NetworkStatus, TaskModel } from '../../electron/api/models';

const IDENTITIES_POLL_MS = 60_000;

/**
 * One source for every number about nodes, channels and heights: the same in all views, as it changes. It is told by
 * the core, so that nothing needs to be asked again after a command.
 */
export const useNetworkStatus = defineLive('network.status', {}, (_before, status): NetworkStatus => status);

export const useIdentities = () => useOperation('identity.list', {}, { pollMs: IDENTITIES_POLL_MS });

/** The start that is going on, whoever asked for it: until its first node runs, no node says anything of it. */
export const useNetworkStart = (): TaskModel | undefined =>
  useTasks().tasks?.find(({ operation, state }) => operation === 'network.up' && state === 'running');
