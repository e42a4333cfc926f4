/**
 * Metrics as a genuine node exposes them: a series comes into being with its first use, also an unlabelled one, so
 * that an absent series never looks like a zero (the go-kit vectors of common/metrics/prometheus behave so). Families
 * and labels are sorted by name. Written out here rather than taken from a library: a node's memory is small, and the
 * text format is a page long.
 */

/** Prometheus' own default, which Fabric uses wherever it names no buckets. Seconds. */
export const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Content type of the page: text format 0.0.4. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type LabelValues<L extends string> = Readonly<Record<L, string>>;

export interface CounterMetric<L extends string = never> {
  add(labels: LabelValues<L>, amount?: number): void;
}

export interface GaugeMetric<L extends string = never> {
  set(labels: LabelValues<L>, value: number): void;
  add(labels: LabelValues<L>, amount: number): void;
  remove(labels: LabelValues<L>): void;
}

export interface HistogramMetric<L extends string = never> {
  /** @param value seconds, unless the metric's name says otherwise */
  observe(labels: LabelValues<L>, value: number): void;
}

type Kind = 'counter' | 'gauge' | 'histogram';
/** One line of a page: what follows the family's name, such as `_bucket{le="1"}`, and the value. */
type Sample = readonly [suffix: string, value: number];

/** Samples of a metric, produced when the page is asked for. */
type Collect = () => Iterable<Sample>;

interface Family {
  readonly name: string;
  readonly help: string;
  readonly kind: Kind;
  readonly collect: Collect;
}

interface HistogramSeries {
  /** Observations that fell into each bucket and no smaller one. */
  readonly counts: number[];
  count: number;
  sum: number;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function formatValue(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

/** Turns label values into `a="x",b="y"`, by which a series is also found. */
function labelText<L extends string>(labelNames: readonly L[]): (labels: LabelValues<L>) => string {
  const sorted = [...labelNames].sort();
  return (labels) => sorted.map((name) => `${name}="${escapeLabel(labels[name])}"`).join(',');
}

const braces = (labels: string): string => (labels === '' ? '' : `{${labels}}`);

function* histogramSamples(
  series: ReadonlyMap<string, HistogramSeries>,
  buckets: readonly number[],
): Generator<Sample> {
  for (const [labels, { counts, count, sum }] of series) {
    const prefix = labels === '' ? '' : `${labels},`;
    let cumulative = 0;
    for (const [index, bound] of buckets.entries()) {
      cumulative += counts[index] ?? 0;
      yield [`_bucket{${prefix}le="${bound}"}`, cumulative];
    }
    yield [`_bucket{${prefix}le="+Inf"}`, count];
    yield [`_sum${braces(labels)}`, sum];
    yield [`_count${braces(labels)}`, count];
  }
}

function* valueSamples(series: ReadonlyMap<string, number>): Generator<Sample> {
  for (const [labels, value] of series) yield [braces(labels), value];
}

export class Metrics {
  private readonly families = new Map<string, Family>();

  counter<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
  ): CounterMetric<L> {
    const series = new Map<string, number>();
    const text = labelText(labelNames);
    this.register({ name, help, kind: 'counter', collect: () => valueSamples(series) });
    return {
      add: (labels, amount = 1) => {
        const key = text(labels);
        series.set(key, (series.get(key) ?? 0) + amount);
      },
    };
  }

  gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): GaugeMetric<L> {
    const series = new Map<string, number>();
    const text = labelText(labelNames);
    this.register({ name, help, kind: 'gauge', collect: () => valueSamples(series) });
    return {
      set: (labels, value) => void series.set(text(labels), value),
      add: (labels, amount) => {
        const key = text(labels);
        series.set(key, (series.get(key) ?? 0) + amount);
      },
      remove: (labels) => void series.delete(text(labels)),
    };
  }

  histogram<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets: readonly number[] = DEFAULT_BUCKETS,
  ): HistogramMetric<L> {
    const series = new Map<string, HistogramSeries>();
    const text = labelText(labelNames);
    this.register({ name, help, kind: 'histogram', collect: () => histogramSamples(series, buckets) });
    return {
      observe: (labels, value) => {
        const key = text(labels);
        let entry = series.get(key);
        if (entry === undefined) {
          entry = { counts: buckets.map(() => 0), count: 0, sum: 0 };
          series.set(key, entry);
        }
        const bucket = buckets.findIndex((bound) => value <= bound);
        if (bucket >= 0) entry.counts[bucket] = (entry.counts[bucket] ?? 0) + 1;
        entry.count += 1;
        entry.sum += value;
      },
    };
  }

  /** A gauge whose value is read at each scrape; it is absent while there is none. */
  sampled(name: string, help: string, sample: () => number | undefined): void {
    this.register({ name, help, kind: 'gauge', collect: () => sampleOf(sample()) });
  }

  /** A counter kept elsewhere and read at each scrape; it exists from the beginning. */
  sampledCounter(name: string, help: string, sample: () => number): void {
    this.register({ name, help, kind: 'counter', collect: () => sampleOf(sample()) });
  }

  /** The page served at /metrics, text format 0.0.4. */
  text(): Promise<string> {
    const lines: string[] = [];
    for (const { name, help, kind, collect } of this.sortedFamilies()) {
      const samples = [...collect()];
      if (samples.length === 0) continue;
      lines.push(
        `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
        `# TYPE ${name} ${kind}`,
      );
      for (const [suffix, value] of samples) lines.push(`${name}${suffix} ${formatValue(value)}`);
    }
    return Promise.resolve(lines.map((line) => `${line}\n`).join(''));
  }

  private sortedFamilies(): Family[] {
    return [...this.families.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private register(family: Family): void {
    if (this.families.has(family.name)) throw new Error(`metric ${family.name} is registered already`);
    this.families.set(family.name, family);
  }
}

function sampleOf(value: number | undefined): Sample[] {
  return value === undefined ? [] : [['', value]];
}

/** Seconds since `start`, a reading of process.hrtime.bigint(). */
export function secondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}
