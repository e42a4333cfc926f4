import type { Labels, NodeColumns } from '../ports/metrics';
import { gauge, rate, seriesOf } from './metric-steps';
import type { Steps, Values } from './metric-steps';

/** A peer that is further behind than this catches up: what it commits then was committed by others before. */
const LEVEL_BLOCKS = 5;

interface Teller {
  readonly heights: Values;
  readonly rates: readonly { readonly labels: Labels; readonly values: Values }[];
}

/**
 * Transactions per second of the network. Every peer commits all of a channel's transactions, so one of them tells for
 * all, and goes on telling while it is read and not behind: one that catches up would show old transactions as new
 * ones, and the highest of all rates would show a block twice that two peers were read before and after.
 */
export function committedTransactions(
  peers: readonly NodeColumns[],
  steps: Steps,
): { labels: Labels; values: Values }[] {
  const channels = new Map<string, Teller[]>();
  for (const columns of peers) {
    const counted = seriesOf(columns, 'transactions');
    const heights = seriesOf(columns, 'height');
    for (const channel of new Set(counted.map(({ labels }) => labels['channel'] ?? ''))) {
      const ofChannel = ({ labels }: { labels: Labels }) => labels['channel'] === channel;
      const rates = counted
        .filter(ofChannel)
        .map(({ labels, index }) => ({ labels, values: rate(columns, steps, index) }));
      const height = heights.find(ofChannel);
      const teller = { heights: height ? gauge(columns, steps, height.index) : [], rates };
      channels.set(channel, [...(channels.get(channel) ?? []), teller]);
    }
  }
  return [...channels.values()].flatMap((tellers) => told(tellers, steps.count));
}

function told(tellers: readonly Teller[], steps: number): { labels: Labels; values: Values }[] {
  const series = new Map<string, { labels: Labels; values: Values }>();
  let teller: Teller | undefined;
  for (let step = 0; step < steps; step++) {
    teller = tellerAt(tellers, step, teller);
    for (const { labels, values } of teller?.rates ?? []) {
      const key = JSON.stringify(labels);
      const one = series.get(key) ?? { labels, values: new Array<number | null>(steps).fill(null) };
      one.values[step] = values[step] ?? null;
      series.set(key, one);
    }
  }
  return [...series.values()];
}

function tellerAt(tellers: readonly Teller[], step: number, before: Teller | undefined): Teller | undefined {
  const known = tellers.filter(({ rates }) => rates.some(({ values }) => (values[step] ?? null) !== null));
  const height = (teller: Teller, at: number) => teller.heights[at] ?? -1;
  const highest = Math.max(...known.map((teller) => height(teller, step)));
  if (before && known.includes(before) && height(before, step) >= highest - LEVEL_BLOCKS) return before;
  // Who stood highest before this step has not caught up within it.
  return known.toSorted(
    (a, b) => height(b, step - 1) - height(a, step - 1) || height(b, step) - height(a, step),
  )[0];
}
