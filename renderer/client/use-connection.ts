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

/** After a lost connection all that is shown is asked again. */
export function useFreshAnswers(client: ObservedClient, queries: QueryClient): void {
  useEffect(() => {
    let lost = false;
    return client.onStateChange(() => {
      if (client.state.kind === 'connected' && lost) void queries.invalidateQueries();
      lost = client.state.kind === 'lost' || client.state.kind === 'signed-out';
    });
  }, [client, queries]);
}
