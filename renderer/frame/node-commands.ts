import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useCommand } from '../client/use-operation';
import type { Command } from '../commands/registry';
import { nodeTitle } from '../network/membership';
import { useToast } from '../ui/toast';
import { useNetworkStatus } from '../network/use-network';

const endings = [
  ['stop', 'Stop'],
  ['restart', 'Restart'],
  ['kill', 'Kill'],
  ['pause', 'Pause'],
] as const;

/** What can be done with nodes and with the network as a whole. What ends something asks first, beside the node. */
export function useNodeCommands(): readonly Command[] {
  const navigate = useNavigate();
  const status = useNetworkStatus().data;
  const { mutate: start } = useCommand('node.start', ['node.show']);
  const { mutate: resume } = useCommand('node.resume', ['node.show']);
  const toast = useToast();
  const networkUp = status !== undefined && status.state !== 'stopped';
  // Names and states, not each new status, decide whether the list changes.
  const states = JSON.stringify(status?.nodes.map(({ name, state }) => [name, state]) ?? []);
  return useMemo(() => {
    const nodes = JSON.parse(states) as [name: string, state: string][];
    return [
      {
        id: 'network.stop',
        title: 'Stop the network',
        section: 'Network',
        calls: 'network.down',
        enabled: networkUp,
        run: () => void navigate({ to: '/network', search: { ask: 'down' } }),
      },
      ...nodes.flatMap(([name, state]): Command[] => {
        const runs = state === 'running' || state === 'starting';
        const isPaused = state === 'paused';
        const shared = { section: 'Nodes', keywords: name } as const;
        return [
          {
            ...shared,
            id: `node.show ${name}`,
            title: `Look at ${nodeTitle(name)}`,
            run: () => void navigate({ to: '/network/$node', params: { node: name } }),
          },
          {
            ...shared,
            id: `node.start ${name}`,
            title: `Start ${nodeTitle(name)}`,
            calls: 'node.start',
            enabled: networkUp && !runs && !isPaused,
            run: () => {
              void navigate({ to: '/network', search: { node: name } });
              start({ node: name }, { onSuccess: () => toast(`${nodeTitle(name)} runs again.`) });
            },
          },
          {
            ...shared,
            id: `node.resume ${name}`,
            title: `Resume ${nodeTitle(name)}`,
            calls: 'node.resume',
            enabled: isPaused,
            run: () => {
              void navigate({ to: '/network', search: { node: name } });
              resume({ node: name }, { onSuccess: () => toast(`${nodeTitle(name)} runs again.`) });
            },
          },
          ...endings.map(([ask, verb]): Command => ({
            ...shared,
            id: `node.${ask} ${name}`,
            title: `${verb} ${nodeTitle(name)}`,
            calls: `node.${ask}`,
            enabled: networkUp && (runs || (isPaused && ask !== 'pause')),
            run: () => void navigate({ to: '/network', search: { node: name, ask } }),
          })),
        ];
      }),
    ];
  }, [navigate, start, resume, toast, networkUp, states]);
}
