import type { ChannelDetail, NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { peersOf } from '../../network/membership';

/** What is known about one peer in one channel. `declared` by the topology, `joined` as the peer itself says. */
export type Cell =
  | { readonly kind: 'no-member' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'silent'; readonly reason: string }
  | { readonly kind: 'not-joined' }
  | {
      readonly kind: 'joined';
      readonly height: bigint;
      /** Blocks behind the highest peer of the channel. */
      readonly behind: bigint;
      readonly tipHash: string | null;
    };

export interface MatrixChannel {
  readonly name: string;
  readonly members: readonly string[];
  /** Undefined until every peer was asked. */
  readonly detail: ChannelDetail | undefined;
}

export function cellOf(channel: MatrixChannel, peer: NodeStatus): Cell {
  if (!channel.members.includes(peer.organization)) return { kind: 'no-member' };
  const row = channel.detail?.peers.find(({ node }) => node === peer.name);
  if (!row) return { kind: 'waiting' };
  if (row.joined === null) return { kind: 'silent', reason: row.problem ?? 'It does not answer.' };
  if (!row.joined || row.height === null) return { kind: 'not-joined' };
  const height = BigInt(row.height);
  return {
    kind: 'joined',
    height,
    behind: BigInt(channel.detail?.height ?? row.height) - height,
    tipHash: row.tipHash,
  };
}

/** Cells in which declared and joined differ, or of which nothing is known. */
export const disagrees = (cell: Cell): boolean => cell.kind === 'not-joined' || cell.kind === 'silent';

export interface MatrixSummary {
  readonly joins: number;
  readonly declared: number;
  readonly disagreements: number;
  /** Cells whose peer does not answer. */
  readonly silent: number;
  readonly worstLag: bigint;
}

export function summaryOf(status: NetworkStatus, channels: readonly MatrixChannel[]): MatrixSummary {
  const cells = channels.flatMap((channel) => peersOf(status, channel).map((peer) => cellOf(channel, peer)));
  const lags = cells.flatMap((cell) => (cell.kind === 'joined' ? [cell.behind] : []));
  return {
    joins: cells.filter(({ kind }) => kind === 'joined').length,
    declared: cells.length,
    disagreements: cells.filter(({ kind }) => kind === 'not-joined').length,
    silent: cells.filter(({ kind }) => kind === 'silent').length,
    worstLag: lags.reduce((worst, lag) => (lag > worst ? lag : worst), 0n),
  };
}

/** One peer's ledger beside the others' of its channel. */
export interface Comparison {
  readonly node: string;
  /** Null: the peer does not answer. */
  readonly joined: boolean | null;
  readonly height: bigint | null;
  readonly tipHash: string | null;
  /** Against the hash most peers of that height hold; `alone`: nobody else stands at its height. */
  readonly verdict: 'same' | 'different' | 'alone' | 'unknown';
}

/** Compares tip hashes of peers that stand at the same height: equal hashes mean equal chains up to there. */
export function compareLedgers(detail: ChannelDetail): Comparison[] {
  return detail.peers.map(({ node, joined, height, tipHash }) => {
    const base = { node, joined, height: height === null ? null : BigInt(height), tipHash };
    if (height === null || tipHash === null) return { ...base, verdict: 'unknown' as const };
    const level = detail.peers.filter((other) => other.height === height && other.tipHash !== null);
    if (level.length === 1) return { ...base, verdict: 'alone' as const };
    const agreeing = level.filter((other) => other.tipHash === tipHash).length;
    return { ...base, verdict: agreeing * 2 > level.length ? ('same' as const) : ('different' as const) };
  });
}
