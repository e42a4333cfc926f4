import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { NetworkStatus } from '../../electron/api/models';
import { operationKey, useOperations } from '../client/use-operation';
import { peersOf } from './membership';

/**
 * What every peer says about each channel, in the order of the status. A channel is asked about again when the status
 * says that something of it changed: a height, a join, a peer that came or went.
 */
export function useChannelDetails(status: NetworkStatus) {
  const queries = useQueryClient();
  const revisions = status.channels.map((channel) => revisionOf(status, channel));
  const seen = useRef<ReadonlyMap<string, string>>(new Map());
  const together = JSON.stringify(revisions);
  useEffect(() => {
    const before = seen.current;
    const now = new Map(JSON.parse(together) as [string, string][]);
    seen.current = now;
    for (const [channel, revision] of now) {
      const known = before.get(channel);
      if (known === undefined || known === revision) continue;
      void queries.invalidateQueries({ queryKey: operationKey('channel.show', { channel }) });
    }
  }, [queries, together]);
  return useOperations(
    'channel.show',
    status.channels.map(({ name }) => ({ channel: name })),
  );
}

function revisionOf(
  status: NetworkStatus,
  channel: NetworkStatus['channels'][number],
): readonly [name: string, revision: string] {
  const peers = peersOf(status, channel).map(({ name, state, health, channels }) => [
    name,
    state,
    health.status,
    channels.find((chain) => chain.name === channel.name)?.height ?? null,
  ]);
  return [channel.name, JSON.stringify([channel.contract, peers])];
}
