import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { LAG_BLOCKS, lagsOf, organizationsOf } from '../../network/membership';
import { formatNumber } from '../../ui/format';

/** What stands where a node's wire meets a channel's line. */
export interface Stop {
  readonly channel: string;
  /** `missing`: declared, and the node itself says that it has not joined; `silent`: it does not say. */
  readonly kind: 'orders' | 'joined' | 'behind' | 'missing' | 'silent';
  readonly anchor: boolean;
  /** Decimal; null where the node has no ledger of the channel or does not say. */
  readonly height: string | null;
  /** Beside the stop, where it is not as it should be. */
  readonly note: string;
}

export interface Wire {
  readonly node: NodeStatus;
  /** By the place of the channel; undefined where the two have nothing to do with each other. */
  readonly stops: readonly (Stop | undefined)[];
  /** Blocks behind on its worst channel. */
  readonly behind: bigint;
}

export interface Lane {
  readonly organization: string;
  readonly wires: readonly Wire[];
  /** Of its first wire, counted over all lanes. */
  readonly firstRow: number;
}

/** Whether the line of a channel begins, passes or ends in a row. */
export type Segment = 'starts' | 'passes' | 'ends' | undefined;

export interface NetworkMap {
  readonly lanes: readonly Lane[];
  /** Contract processes by the place of their channel; those of no known channel stand last. */
  readonly contracts: readonly (readonly NodeStatus[])[];
  /** By row (wires from above, then the contracts) and channel. */
  readonly segments: readonly (readonly Segment[])[];
}

export function mapOf(status: NetworkStatus): NetworkMap {
  const lags = new Map<string, bigint>();
  for (const { node, blocks } of lagsOf(status)) {
    if (blocks > (lags.get(node.name) ?? 0n)) lags.set(node.name, blocks);
  }
  let rowsAbove = 0;
  const lanes: Lane[] = organizationsOf(status)
    .map(({ name }) => ({
      organization: name,
      wires: status.nodes
        .filter((node) => node.organization === name && node.role !== 'contract')
        .map((node) => ({
          node,
          stops: status.channels.map((channel) => stopOf(node, channel)),
          behind: lags.get(node.name) ?? 0n,
        })),
    }))
    .filter(({ wires }) => wires.length > 0)
    .map((lane) => {
      const firstRow = rowsAbove;
      rowsAbove += lane.wires.length;
      return { ...lane, firstRow };
    });
  const contracts = status.channels.map(({ name }) =>
    status.nodes.filter(({ contract }) => contract?.channel === name),
  );
  const rows = [
    ...lanes.flatMap(({ wires }) => wires.map(({ stops }) => stops.map((stop) => stop !== undefined))),
    contracts.map((nodes) => nodes.length > 0),
  ];
  return { lanes, contracts, segments: segmentsOf(rows, status.channels.length) };
}

function stopOf(node: NodeStatus, channel: NetworkStatus['channels'][number]): Stop | undefined {
  const belongs = node.role === 'orderer' || channel.members.includes(node.organization);
  if (!belongs) return undefined;
  const chain = node.channels.find(({ name }) => name === channel.name);
  const base = {
    channel: channel.name,
    anchor: channel.anchorPeers?.includes(node.name) ?? false,
    height: chain?.height ?? null,
    note: '',
  };
  if (!chain) {
    const says =
      node.state === 'running' && node.health.status !== 'failed' && node.health.status !== 'unknown';
    return says ? { ...base, kind: 'missing', note: 'not joined' } : { ...base, kind: 'silent' };
  }
  if (node.role === 'orderer') return { ...base, kind: 'orders' };
  const behind = BigInt(channel.height ?? chain.height) - BigInt(chain.height);
  return behind >= LAG_BLOCKS
    ? { ...base, kind: 'behind', note: `${formatNumber(behind)} behind` }
    : { ...base, kind: 'joined' };
}

/** A line ends at its last stop. */
function segmentsOf(rows: readonly (readonly boolean[])[], channels: number): Segment[][] {
  const ends = Array.from({ length: channels }, (_, channel) => ({
    first: rows.findIndex((row) => row[channel]),
    last: rows.findLastIndex((row) => row[channel]),
  }));
  return rows.map((_, row) =>
    ends.map(({ first, last }): Segment => {
      if (first === last || row < first || row > last) return undefined;
      return row === first ? 'starts' : row === last ? 'ends' : 'passes';
    }),
  );
}

/** Channels a node has something to do with. */
export const channelsOfNode = (status: NetworkStatus, node: NodeStatus): readonly string[] =>
  node.contract
    ? [node.contract.channel]
    : status.channels
        .filter(({ members }) => node.role === 'orderer' || members.includes(node.organization))
        .map(({ name }) => name);

const stopWords: Record<Stop['kind'], string> = {
  orders: 'orders',
  joined: 'has joined',
  behind: 'has joined and is behind on',
  missing: 'has not joined',
  silent: 'does not say about',
};

/** A stop in words, for those who do not see it. */
export const describeStop = ({ kind, channel, anchor, note }: Stop): string =>
  [stopWords[kind], channel, anchor && '(anchor peer)', kind === 'behind' && `(${note})`]
    .filter(Boolean)
    .join(' ');
