import { useMemo } from 'react';
import { useClient } from '../client/context';
import { LogBuffer } from './log-buffer';
import { MergedSource } from './merged-source';

/** Lines held of one log when it stands alone; several share this. */
const MOST_LINES = 100_000;
const PAGE = 10_000;
const LEAST_PAGE = 2_000;

const optionsFor = (nodes: number, at: string | undefined) => ({
  page: Math.max(LEAST_PAGE, Math.floor(PAGE / nodes)),
  most: Math.floor(MOST_LINES / nodes),
  at,
});

/** A window on each node's log, at its end or at a moment; the same until nodes or moment change. */
export function useLogSources(nodes: readonly string[], at: string | undefined): readonly LogBuffer[] {
  const client = useClient();
  const key = nodes.join(' ');
  return useMemo(
    () =>
      key
        .split(' ')
        .filter(Boolean)
        .map((node, _index, all) => new LogBuffer(client, node, optionsFor(all.length, at))),
    [client, key, at],
  );
}

export const useMergedSource = (sources: readonly LogBuffer[]): MergedSource =>
  useMemo(() => new MergedSource(sources), [sources]);
