import type { QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { ConnectionState, ObservedClient } from './connection';
import { useClient } from './context';

/** How the console stands with the core, now. */
export function useConnection(): ConnectionState {
  const client = useClient();
  const subscribe = useCallback((listener: () => void) => client.onStateChange(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.state);
}

/** On another connection than before all that is shown is asked again. */
export function useFreshAnswers(client: ObservedClient, queries: QueryClient): void {
  useEffect(() => {
    let wasBroken = false;
    return client.onStateChange(() => {
      if (client.state.kind === 'connected' && wasBroken) void queries.invalidateQueries();
      wasBroken = client.state.kind !== 'connected';
    });
  }, [client, queries]);
}
