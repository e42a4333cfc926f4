/**
 * What is kept of a node's counts, by meaning: `chaincode` labels differ between Fabric's series and have become
 * `contract`, and what system chaincodes did is left out.
 */
export const rawMetrics = [
  /** Gauge {channel}. */
  'height',
  /** Counter {channel, code, contract}: empty where it is no contract's, as of configurations. */
  'transactions',
  /** Counter {channel, contract}: calls of contracts, evaluations included. */
  'proposals',
  /** Counter {}. */
  'proposals.failed',
  /** Cumulative counters {channel, contract, le}, seconds: successful proposals. */
  'endorsement.bucket',
  /**
   * Of each block, by stage (`validation` against state, `storage` of the block, `state` database), seconds:
   * cumulative counters {channel, stage, le}; their sum and how many {channel, stage}.
   */
  'block.bucket',
  'block.seconds',
  'block.count',
  /** Gauges {channel}. */
  'raft.leader',
  'raft.clusterSize',
  'raft.activeNodes',
  /** Cumulative counters {channel, le}, seconds: writes of the Raft log; first message of a block to its cut. */
  'raft.persist.bucket',
  'blockFill.bucket',
  /** Counter {channel, status}: envelopes an orderer was sent. */
  'broadcast',
  /** Counter {channel, contract, type}. */
  'shim',
  /** Cumulative counters {channel, contract, le}, seconds. */
  'shim.bucket',
  /** Gauge {channel}: excludes the node itself. */
  'gossip.known',
  /** Gauge {channel}: blocks that wait for one before them. */
  'gossip.buffer',
  /** Gauge {}. */
  'connections',
  /** Counters {}. */
  'log.warnings',
  'log.errors',
  /** Gauges {} from the operating system: percent of one core, bytes. */
  'cpu',
  'memory',
] as const;
export type RawMetric = (typeof rawMetrics)[number];
export type Labels = Readonly<Record<string, string>>;

/** One string for a series; labels in the order of their names. */
export function seriesKey(metric: RawMetric, labels: Labels): string {
  const names = Object.keys(labels).sort();
  return metric + JSON.stringify(Object.fromEntries(names.map((name) => [name, labels[name]])));
}

export function parseSeriesKey(key: string): { metric: string; labels: Labels } {
  const brace = key.indexOf('{');
  return { metric: key.slice(0, brace), labels: JSON.parse(key.slice(brace)) as Labels };
}

/** What one node says at one moment. */
export interface NodeReading {
  /** process_start_time_seconds, since 1970: counters begin anew with it. Null where the node was not asked or did not answer. */
  readonly startedAt: number | null;
  /** By series key. */
  readonly values: ReadonlyMap<string, number>;
}

/** All nodes that could be read in one round; who is not in it was not reached. */
export interface MetricsFrame {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly nodes: ReadonlyMap<string, NodeReading>;
}

/** The frames of one node in columns: an idle console keeps an hour of them in memory. */
export interface NodeColumns {
  readonly keys: readonly string[];
  readonly frames: readonly {
    readonly at: number;
    readonly startedAt: number | null;
    /** By index of the key; NaN, and whatever is beyond the end, is absent. */
    readonly values: Float64Array;
  }[];
}

/** Reads one node's operations endpoint. Throws where it does not answer or answers something else. */
export interface MetricsSource {
  read(node: string, signal: AbortSignal): Promise<NodeReading>;
}

/** Time between two rounds of readings. */
export const READ_EVERY_MS = 5_000;

/** What was read, over restarts, in bounded space. Appending never fails: what can't be written is held in memory. */
export interface MetricsHistory {
  append(frame: MetricsFrame): Promise<void>;
  /** The newest frame; null before the first. */
  last(): Promise<MetricsFrame | null>;
  /** The finest frames that reach back to `from`, with the time between two of them. */
  frames(
    from: number,
    to: number,
  ): Promise<{ readonly everyMs: number; readonly nodes: ReadonlyMap<string, NodeColumns> }>;
}
