import { z } from 'zod';

/** What a user may set, for all consoles on one CITYFLOW_HOME. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  /** What happens to the network when the console closes. */
  onClose: z.enum(['ask', 'leave', 'stop']),
  /** Times shown in UTC or in the zone of whoever looks. */
  times: z.enum(['local', 'utc']),
  /** Range the metrics view opens with, minutes. */
  metricsRangeMinutes: z.int().min(1).max(2880),
  /** ORG/NAME to begin with; null: the first one. */
  actingIdentity: z.string().nullable(),
  /** Days of metrics that are kept at least, one reading a minute; twice as many at most. */
  metricsDays: z.int().min(1).max(14),
  /** Calls of contracts that are remembered, in each network. */
  historyCalls: z.int().min(100).max(10_000),
  /** Size that the audit log may reach, with the older files beside it; the oldest entries go. */
  auditMegabytes: z.int().min(1).max(200),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  theme: 'system',
  density: 'compact',
  onClose: 'ask',
  times: 'local',
  metricsRangeMinutes: 15,
  actingIdentity: null,
  metricsDays: 2,
  historyCalls: 1_000,
  auditMegabytes: 25,
};

export const settingsChangeSchema = settingsSchema.partial().strict();
