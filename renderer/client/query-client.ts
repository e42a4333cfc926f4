import { QueryClient } from '@tanstack/react-query';

/**
 * Answers stay shown until newer ones arrive; nothing is asked again behind the user's back except what a view polls.
 * Polling rests while the window is hidden. `networkMode: always`: the core is on this machine, whatever the browser
 * thinks of the internet.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        networkMode: 'always',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 1_000,
        gcTime: 5 * 60_000,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
