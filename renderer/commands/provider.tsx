import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { permissionOf, useRole } from '../client/use-role';
import { CommandRegistry } from './registry';
import type { Command } from './registry';
import { listenForShortcuts } from './shortcuts';

const RegistryContext = createContext<CommandRegistry | undefined>(undefined);

export function CommandProvider({
  children,
  onMenuCommand,
}: {
  children: ReactNode;
  /** Menus outside the page name commands by id; one that cannot be run now does nothing. */
  onMenuCommand?: (listener: (id: string) => void) => () => void;
}) {
  const [registry] = useState(() => new CommandRegistry());
  useEffect(() => listenForShortcuts(registry.list, document), [registry]);
  useEffect(
    () =>
      onMenuCommand?.((id) =>
        registry
          .list()
          .find((command) => command.id === id)
          ?.run(),
      ),
    [registry, onMenuCommand],
  );
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

function useRegistry(): CommandRegistry {
  const registry = use(RegistryContext);
  if (!registry) throw new Error('This component stands outside of CommandProvider.');
  return registry;
}

/** All commands that can be run now. */
export function useCommands(): readonly Command[] {
  const registry = useRegistry();
  return useSyncExternalStore(registry.subscribe, registry.list);
}

/**
 * Offers commands while the component is mounted, except those that whoever is signed in may not run. Keep the array's
 * identity (useMemo) between renders.
 */
export function useOfferCommands(commands: readonly Command[]): void {
  const registry = useRegistry();
  const role = useRole();
  useEffect(
    () => registry.register(commands.filter(({ calls }) => !calls || permissionOf(role, calls).may)),
    [registry, commands, role],
  );
}
