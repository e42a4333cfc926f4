import { QueryClientProvider } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { ReactNode } from 'react';
import type { ObservedClient } from './connection';

const ClientContext = createContext<ObservedClient | undefined>(undefined);

/** Gives everything below it the way to the core: IPC, HTTP and WebSocket, or a test's own. */
export function ClientProvider({
  client,
  queries,
  children,
}: {
  client: ObservedClient;
  queries: QueryClient;
  children: ReactNode;
}) {
  return (
    <ClientContext value={client}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </ClientContext>
  );
}

export function useClient(): ObservedClient {
  const client = use(ClientContext);
  if (!client) throw new Error('This component stands outside of ClientProvider.');
  return client;
}
