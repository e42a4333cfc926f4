import { z } from 'zod';

export const metricTabs = ['network', 'peers', 'orderer', 'contracts'] as const;
export type MetricTab = (typeof metricTabs)[number];

/** Seconds between two questions; 0: none. */
export const refreshes = [5, 15, 60, 0] as const;
export type Refresh = (typeof refreshes)[number];

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

export const metricsSearch = z.object({
  tab: z.enum(metricTabs).optional().catch(undefined),
  /** Range that goes on with time; the settings say which where neither it nor `from` and `to` are given. */
  minutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .optional()
    .catch(undefined),
  /** A range that stands, ISO 8601. */
  from: time.optional().catch(undefined),
  to: time.optional().catch(undefined),
  refresh: z
    .union(refreshes.map((seconds) => z.literal(seconds)))
    .optional()
    .catch(undefined),
  /** Organizations by name and nodes by full name; a node is shown that one of both names. Default: all. */
  organizations: z.array(z.string()).optional().catch(undefined),
  nodes: z.array(z.string()).optional().catch(undefined),
  /** Where the cursor stands, ISO 8601. */
  at: time.optional().catch(undefined),
  /** Ids of the charts shown as tables. */
  tables: z.array(z.string()).optional().catch(undefined),
});
export type MetricsSearch = z.infer<typeof metricsSearch>;
