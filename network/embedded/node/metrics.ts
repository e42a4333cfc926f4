/**
 * Metrics as a genuine node exposes them: a series comes into being with its first use, also an unlabelled one, so
 * that an absent series never looks like a zero (the go-kit vectors of common/metrics/prometheus behave so).
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus' own default, which Fabric uses wherever it names no buckets. Seconds. */
export const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

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

function once<T>(create: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= create());
}

export class Metrics {
  readonly registry = new Registry();

  counter<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
  ): CounterMetric<L> {
    const counter = once(() => new Counter({ name, help, labelNames, registers: [this.registry] }));
    return { add: (labels, amount = 1) => counter().inc(labels, amount) };
  }

  gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): GaugeMetric<L> {
    const gauge = once(() => new Gauge({ name, help, labelNames, registers: [this.registry] }));
    return {
      set: (labels, value) => gauge().set(labels, value),
      add: (labels, amount) => gauge().inc(labels, amount),
      remove: (labels) => gauge().remove(labels),
    };
  }

  histogram<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets: readonly number[] = DEFAULT_BUCKETS,
  ): HistogramMetric<L> {
    const histogram = once(
      () => new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [this.registry] }),
    );
    return { observe: (labels, value) => histogram().observe(labels, value) };
  }

  /** A gauge whose value is read at each scrape; it exists from the beginning. */
  sampled(name: string, help: string, sample: () => number | undefined): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        const value = sample();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  /** A counter kept elsewhere and read at each scrape; it exists from the beginning. */
  sampledCounter(name: string, help: string, sample: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(sample());
      },
    });
  }

  /** The page served at /metrics, text format 0.0.4. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}

/** Seconds since `start`, a reading of process.hrtime.bigint(). */
export function secondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}
