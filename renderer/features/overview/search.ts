import { z } from 'zod';

/** Minutes the figures and the chart look back. */
export const ranges = [15, 60, 360, 1440] as const;
export type Range = (typeof ranges)[number];
export const DEFAULT_RANGE: Range = 15;

export const overviewSearch = z.object({
  minutes: z
    .union(ranges.map((minutes) => z.literal(minutes)))
    .optional()
    .catch(undefined),
  /** The chart as a table. */
  table: z.boolean().optional().catch(undefined),
});
