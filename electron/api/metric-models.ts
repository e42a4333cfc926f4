import { z } from 'zod';
import { isoTime, nodeRoleSchema } from './models';

/** Series the console derives from what nodes and the operating system count. */
export const metricNames = [
  'height',
  'lag',
  'transactions',
  'proposals',
  'proposals.failed',
  'endorsement.p50',
  'endorsement.p95',
  'commit.p50',
  'commit.p95',
  'commit.validation',
  'commit.storage',
  'commit.state',
  'raft.leader',
  'raft.clusterSize',
  'raft.activeNodes',
  'raft.persist.p95',
  'broadcast',
  'blockFill.p50',
  'blockFill.p95',
  'shim',
  'shim.p95',
  'gossip.known',
  'gossip.buffer',
  'connections',
  'log.warnings',
  'log.errors',
  'cpu',
  'memory',
] as const;
export const metricNameSchema = z.enum(metricNames);
export type MetricName = z.infer<typeof metricNameSchema>;

/** The most points one series is answered with. */
export const MAX_METRIC_POINTS = 300;

export const metricDescriptionSchema = z.object({
  name: metricNameSchema,
  title: z.string(),
  /** `blocks`, `perSecond`, `milliseconds`, `percent` (of one core), `bytes`, `count` or `flag` (0 or 1). */
  unit: z.enum(['blocks', 'perSecond', 'milliseconds', 'percent', 'bytes', 'count', 'flag']),
  /** Roles of the nodes it is known of. */
  roles: z.array(nodeRoleSchema),
  labels: z.array(z.string()),
  description: z.string(),
  /** What it is made from, as Fabric names it; empty where it comes from the operating system. */
  fabric: z.array(z.string()),
});
export type MetricDescription = z.infer<typeof metricDescriptionSchema>;

export const metricSeriesRequestSchema = z.strictObject({
  names: z.array(metricNameSchema).min(1),
  /** Full node names; default: all. */
  nodes: z.array(z.string()).optional(),
  /** Default: `minutes` before `to`. */
  from: isoTime.optional(),
  /** Default: now. */
  to: isoTime.optional(),
  /** Length of the range where `from` is not given; default 15. */
  minutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .optional(),
  maxPoints: z.int().min(2).max(MAX_METRIC_POINTS).optional(),
});

export const metricSeriesSchema = z.object({
  from: isoTime,
  to: isoTime,
  stepMs: z.int(),
  /** End of each step; the values of every series stand at these times. */
  times: z.array(isoTime),
  series: z.array(
    z.object({
      name: metricNameSchema,
      /** Null where it is said of the network, not of one node. */
      node: z.string().nullable(),
      labels: z.record(z.string(), z.string()),
      /** Null: nobody looked, or the node did not say. Never a zero that nobody counted. */
      values: z.array(z.number().nullable()),
    }),
  ),
  /** Times in which nobody read a node: the console or the node was not running, or the node did not answer. */
  unread: z.array(z.object({ node: z.string(), from: isoTime, to: isoTime })),
  /** The last round of readings, also where it lies outside of the range. `last` is null before the first. */
  scrape: z.object({
    everyMs: z.int(),
    last: isoTime.nullable(),
    /** Operations endpoints that were asked, and that answered. */
    asked: z.int(),
    answered: z.int(),
  }),
  /** What was asked for and has no series, and why. */
  absent: z.array(
    z.object({
      name: metricNameSchema,
      node: z.string(),
      /**
       * `not-offered`: the node's program never has it; `no-data-yet`: nothing has happened that it counts;
       * `not-reached`: the node was not read in this time.
       */
      reason: z.enum(['not-offered', 'no-data-yet', 'not-reached']),
    }),
  ),
});
export type MetricSeries = z.infer<typeof metricSeriesSchema>;
