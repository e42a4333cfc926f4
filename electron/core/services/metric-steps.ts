import { parseSeriesKey } from '../ports/metrics';
import type { Labels, NodeColumns, RawMetric } from '../ports/metrics';

/** Equal steps over a range; what happened in a step stands at its end. */
export interface Steps {
  /** Milliseconds; the first step begins here. */
  readonly from: number;
  readonly stepMs: number;
  readonly count: number;
  /** Time between two readings; over more than two and a half of them nothing is said. */
  readonly everyMs: number;
}

export type Values = (number | null)[];

/**
 * Steps on whole multiples of their length, so that a range that moves on shows the same values again. A step spans
 * two readings at least: rounds are never exactly on time, and a step without one would look like a gap.
 */
export function stepsOver(from: number, to: number, maxPoints: number, everyMs: number): Steps {
  const least = Math.max(2 * everyMs, (to - from) / Math.max(1, maxPoints - 1));
  const stepMs = Math.ceil(least / everyMs) * everyMs;
  const first = Math.floor(from / stepMs) * stepMs;
  const count = Math.max(1, Math.min(maxPoints, Math.ceil((to - first) / stepMs)));
  return { from: Math.ceil(to / stepMs) * stepMs - count * stepMs, stepMs, count, everyMs };
}

export interface RawSeries {
  readonly index: number;
  readonly labels: Labels;
}

/** The series of one meaning that a node ever had. */
export function seriesOf(columns: NodeColumns, metric: RawMetric): RawSeries[] {
  return columns.keys.flatMap((key, index) => {
    if (!key.startsWith(`${metric}{`)) return [];
    return [{ index, labels: parseSeriesKey(key).labels }];
  });
}

/**
 * A process's start is computed from the time since the machine's, which moves a little when the clock is set: within
 * these seconds it is the same process.
 */
const SAME_START_SECONDS = 2;

const stepOf = (steps: Steps, at: number): number => Math.ceil((at - steps.from) / steps.stepMs) - 1;

/** The frames that tell of the steps: those within, and the one before, from which counters grow. */
export function framesOver(columns: NodeColumns, { from, count, stepMs }: Steps): NodeColumns {
  const { keys, frames } = columns;
  const within = frames.findIndex(({ at }) => at > from);
  if (within < 0) return { keys, frames: [] };
  const after = frames.findIndex(({ at }, index) => index > within && at > from + count * stepMs);
  return { keys, frames: frames.slice(Math.max(0, within - 1), after < 0 ? undefined : after) };
}

const valueAt = (frame: NodeColumns['frames'][number], index: number): number => frame.values[index] ?? NaN;

/** The last value said in each step. `adjust` may turn it into another one. */
export function gauge(
  columns: NodeColumns,
  steps: Steps,
  index: number,
  adjust: (value: number, at: number) => number = (value) => value,
): Values {
  const values: Values = new Array<null>(steps.count).fill(null);
  for (const frame of columns.frames) {
    const step = stepOf(steps, frame.at);
    const value = valueAt(frame, index);
    if (step >= 0 && step < steps.count && !Number.isNaN(value)) values[step] = adjust(value, frame.at);
  }
  return values;
}

export type Growth = { readonly grown: number; readonly ms: number } | null;

/**
 * How much a counter grew in each step, and over how many milliseconds of it that is known. Null where nothing is
 * known: nobody looked, or the counter did not exist.
 *
 * A counter that was absent in the reading before, of the same process, began at zero: nodes create series with their
 * first use. One of a process that started in between counts from zero too, so no rate is ever negative.
 */
export function growth(columns: NodeColumns, steps: Steps, index: number): Growth[] {
  const result = new Array<Growth>(steps.count).fill(null);
  for (let at = 1; at < columns.frames.length; at++) {
    const before = columns.frames[at - 1];
    const now = columns.frames[at];
    if (!before || !now) continue;
    const step = stepOf(steps, now.at);
    if (step < 0 || step >= steps.count) continue;
    const ms = now.at - before.at;
    if (ms > 2.5 * steps.everyMs || before.startedAt === null || now.startedAt === null) continue;
    const value = valueAt(now, index);
    if (Number.isNaN(value)) continue;
    const earlier = valueAt(before, index);
    const restarted = Math.abs(now.startedAt - before.startedAt) > SAME_START_SECONDS;
    const grown = restarted || Number.isNaN(earlier) || value < earlier ? value : value - earlier;
    const sum = result[step] ?? { grown: 0, ms: 0 };
    result[step] = { grown: sum.grown + grown, ms: sum.ms + ms };
  }
  return result;
}

/** Growth per second. */
export function rate(columns: NodeColumns, steps: Steps, index: number): Values {
  return growth(columns, steps, index).map(perSecond);
}

const perSecond = (step: Growth): number | null => (step ? (step.grown / step.ms) * 1000 : null);

/** What one of the things counted by `count` took on average, in the unit of `sum`; null where there was none. */
export function average(columns: NodeColumns, steps: Steps, sum: number, count: number): Values {
  const counted = growth(columns, steps, count);
  return growth(columns, steps, sum).map((step, at) => {
    const many = counted[at]?.grown ?? 0;
    return step && many > 0 ? step.grown / many : null;
  });
}

/** Which steps have a reading that the node answered; of nodes without an endpoint, any reading. */
export function stepsRead(columns: NodeColumns, steps: Steps, hasEndpoint: boolean): boolean[] {
  const read = new Array<boolean>(steps.count).fill(false);
  for (const { at, startedAt } of columns.frames) {
    const step = stepOf(steps, at);
    if (step in read && (!hasEndpoint || startedAt !== null)) read[step] = true;
  }
  return read;
}

/**
 * The q-quantile of a histogram in each step, from its cumulative buckets, linear within a bucket as Prometheus'
 * histogram_quantile. Null where nothing was observed. In the unit of the bounds; what is beyond the last finite
 * bound is said to be that bound.
 */
export function quantile(
  columns: NodeColumns,
  steps: Steps,
  buckets: readonly { readonly index: number; readonly le: number }[],
  q: number,
): Values {
  const sorted = [...buckets].sort((a, b) => a.le - b.le);
  const grown = sorted.map(({ index }) => growth(columns, steps, index));
  return Array.from({ length: steps.count }, (_unused, step) => {
    const counts = grown.map((bucket) => bucket[step]?.grown ?? 0);
    return quantileOf(
      sorted.map(({ le }, index) => ({ le, count: counts[index] ?? 0 })),
      q,
    );
  });
}

function quantileOf(buckets: readonly { le: number; count: number }[], q: number): number | null {
  const total = buckets.at(-1)?.count ?? 0;
  if (total <= 0) return null;
  const rank = q * total;
  const at = buckets.findIndex(({ count }) => count >= rank);
  const bucket = buckets[at];
  const below = buckets[at - 1];
  if (!bucket) return null;
  const lower = below?.le ?? 0;
  if (!Number.isFinite(bucket.le)) return lower;
  const inside = bucket.count - (below?.count ?? 0);
  return inside <= 0 ? bucket.le : lower + ((bucket.le - lower) * (rank - (below?.count ?? 0))) / inside;
}

/** Bounds of a histogram's buckets as numbers. */
export const boundOf = (le: string): number => (le === '+Inf' ? Infinity : Number(le));
