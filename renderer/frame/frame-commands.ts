import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useCommand } from '../client/use-operation';
import type { Command } from '../commands/registry';
import { actAs, actingKeys } from '../network/acting';
import { useIdentities, useNetworkStatus } from '../network/use-network';
import { setTheme } from '../ui/theme';
import { views } from '../views';

/**
 * What can be done from anywhere: go to a view, act as somebody, choose a channel, start the network, change the look.
 * Ids that the desktop app's menus name: see electron/api/commands.ts.
 */
export function useFrameCommands({
  openPalette,
  openKeys,
}: {
  openPalette: () => void;
  openKeys: () => void;
}): readonly Command[] {
  const navigate = useNavigate();
  const status = useNetworkStatus().data;
  const identities = useIdentities().data;
  const { mutate: start } = useCommand('network.up');
  const stopped = status?.state === 'stopped';
  // The set of channels, not each new status, decides whether the list changes.
  const channelNames = status?.channels.map(({ name }) => name).join(' ') ?? '';
  const keys = useMemo(() => actingKeys(identities ?? []), [identities]);
  return useMemo(
    () => [
      ...views.map(({ id, title, path, key }) => ({
        id: id === 'settings' ? 'settings.open' : `go.${id}`,
        title: `Go to ${title}`,
        section: 'Views',
        shortcut: `g ${key}`,
        run: () => void navigate({ to: path }),
      })),
      {
        id: 'go.connect',
        title: 'Go to Connect',
        section: 'Views',
        keywords: 'runtimes saved networks doctor examine',
        run: () => void navigate({ to: '/connect' }),
      },
      {
        id: 'go.logs',
        title: 'Search the logs',
        section: 'Views',
        shortcut: 'g l',
        keywords: 'lines nodes transaction follow download',
        run: () => void navigate({ to: '/logs' }),
      },
      {
        id: 'network.examine',
        title: 'Examine every node',
        section: 'Network',
        keywords: 'doctor certificates ports clock',
        run: () => void navigate({ to: '/connect', search: { doctor: true } }),
      },
      {
        id: 'network.start',
        title: 'Start the network',
        section: 'Network',
        calls: 'network.up',
        enabled: stopped,
        run: () => start({}),
      },
      ...channelNames
        .split(' ')
        .filter(Boolean)
        .map((channel) => ({
          id: `channel ${channel}`,
          title: `Look at ${channel}`,
          section: 'Channels',
          run: () => void navigate({ to: '/channels', search: { channel } }),
        })),
      ...(identities ?? []).map(({ id }) => ({
        id: `act ${id}`,
        title: `Act as ${id}`,
        section: 'Identities',
        ...(keys.has(id) && { shortcut: keys.get(id) ?? '' }),
        run: () => actAs(id),
      })),
      { id: 'palette.open', title: 'Find or do', section: 'Console', shortcut: 'mod+k', run: openPalette },
      { id: 'shortcuts.show', title: 'List the keys', section: 'Console', shortcut: '?', run: openKeys },
      { id: 'filter', title: 'Filter this view', section: 'Console', shortcut: '/', run: focusFilter },
      { id: 'theme.light', title: 'Use the light theme', section: 'Console', run: () => setTheme('light') },
      { id: 'theme.dark', title: 'Use the dark theme', section: 'Console', run: () => setTheme('dark') },
      {
        id: 'theme.system',
        title: 'Use the theme of the system',
        section: 'Console',
        run: () => setTheme('system'),
      },
    ],
    [navigate, start, stopped, channelNames, identities, keys, openPalette, openKeys],
  );
}

/** A view marks its filter by `data-filter`. */
function focusFilter(): void {
  document.querySelector<HTMLElement>('#view [data-filter] :is(input, button)')?.focus();
}
