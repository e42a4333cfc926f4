import { RouterProvider } from '@tanstack/react-router';
import { LocaleProvider } from './ui/locale';
import { useEffect, useState } from 'react';
import type { ObservedClient } from './client/connection';
import { ClientProvider } from './client/context';
import { createQueryClient } from './client/query-client';
import { CommandProvider } from './commands/provider';
import { useFreshAnswers } from './client/use-connection';
import { createConsoleRouter } from './routes';
import { watchTheme } from './ui/theme';
import { ToastProvider } from './ui/toast';

/** The console behind any client: the browser's, the desktop's, a test's. */
export function App({
  client,
  onMenuCommand,
}: {
  client: ObservedClient;
  /** Hears the ids of commands chosen from the desktop app's menus; answers what ends that. */
  onMenuCommand?: (listener: (id: string) => void) => () => void;
}) {
  const [queries] = useState(createQueryClient);
  const [router] = useState(createConsoleRouter);
  useEffect(watchTheme, []);
  useFreshAnswers(client, queries);
  return (
    <LocaleProvider>
      <ClientProvider client={client} queries={queries}>
        <ToastProvider>
          <CommandProvider {...(onMenuCommand && { onMenuCommand })}>
            <RouterProvider router={router} />
          </CommandProvider>
        </ToastProvider>
      </ClientProvider>
    </LocaleProvider>
  );
}
