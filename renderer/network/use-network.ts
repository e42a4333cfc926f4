import { useOperation } from '../client/use-operation';

/** What the frame and the overview show is never older than this, plus the time an answer takes. */
const STATUS_POLL_MS = 2_000;
const IDENTITIES_POLL_MS = 60_000;

/** One source for every number about nodes, channels and heights: the same answer in all views. */
export const useNetworkStatus = () => useOperation('network.status', {}, { pollMs: STATUS_POLL_MS });

export const useIdentities = () => useOperation('identity.list', {}, { pollMs: IDENTITIES_POLL_MS });
