import type { MetricName, MetricSeries } from '../../../electron/api/metric-models';
import { combined } from '../../charts/metric-selection';
import { useOperation } from '../../client/use-operation';
import type { Range } from './search';

type Values = readonly (number | null)[];

/** What the network did in a range, step by step. Null: nobody knows. */
export interface Activity {
  /** End of each step, milliseconds of the wall clock. */
  readonly times: readonly number[];
  readonly stepMs: number;
  /** Transactions a second, all channels. */
  readonly valid: Values;
  readonly failed: Values;
  /** Blocks the worst peer was behind. */
  readonly lag: Values;
  /** Milliseconds, of the peer and channel that took longest. */
  readonly commitP50: Values;
  readonly commitP95: Values;
}

const NAMES: MetricName[] = ['transactions', 'lag', 'commit.p50', 'commit.p95'];
/** As many bars as can be told apart in the smallest window. */
const STEPS = 75;
/** A step of the shortest range is 12 s long: asking more often shows nothing new. */
const POLL_MS = 12_000;

export const useActivity = (minutes: Range) =>
  useOperation(
    'metrics.series',
    { names: NAMES, minutes, maxPoints: STEPS },
    { pollMs: POLL_MS * (minutes > 60 ? 5 : 1), keepsPrevious: true },
  );

export function activityOf({ times, stepMs, series }: MetricSeries): Activity {
  const named = (name: MetricName, matches: (labels: Record<string, string>) => boolean = () => true) =>
    series.filter((one) => one.name === name && matches(one.labels)).map(({ values }) => values);
  const isValid = ({ code }: Record<string, string>) => code === 'VALID';
  const valid = combined(named('transactions', isValid), 'sum');
  const failed = combined(
    named('transactions', (labels) => !isValid(labels)),
    'sum',
  );
  return {
    times: times.map((time) => Date.parse(time)),
    stepMs,
    valid,
    // Nobody fails where somebody counted: a code has a series from its first transaction on.
    failed: valid.map((value, step) => failed[step] ?? (value === null ? null : 0)),
    lag: combined(named('lag'), 'highest'),
    commitP50: combined(named('commit.p50'), 'highest'),
    commitP95: combined(named('commit.p95'), 'highest'),
  };
}

/** The newest step that is known, and when it was. */
export function newest(values: Values, times: readonly number[]): { value: number; at: number } | undefined {
  const step = values.findLastIndex((value) => value !== null);
  const value = values[step];
  const at = times[step];
  return value === undefined || value === null || at === undefined ? undefined : { value, at };
}

export interface Totals {
  /** Transactions in all known steps. */
  readonly all: number;
  readonly failed: number;
  /** The step with the most; undefined where nothing is known. */
  readonly peak: { readonly value: number; readonly at: number } | undefined;
}

export function totalsOf({ times, stepMs, valid, failed }: Activity): Totals {
  const seconds = stepMs / 1000;
  const sum = (values: Values) =>
    Math.round(values.reduce<number>((total, value) => total + (value ?? 0) * seconds, 0));
  let peak: Totals['peak'];
  for (const [step, value] of valid.entries()) {
    const at = times[step];
    if (value === null || at === undefined) continue;
    const rate = value + (failed[step] ?? 0);
    if (!peak || rate > peak.value) peak = { value: rate, at };
  }
  return { all: sum(valid) + sum(failed), failed: sum(failed), peak };
}
