import { z } from 'zod';

/** What a user may set, with what holds until then. */
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
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  theme: 'system',
  density: 'comfortable',
  onClose: 'ask',
  times: 'local',
  metricsRangeMinutes: 15,
  actingIdentity: null,
};

export const settingsChangeSchema = settingsSchema.partial().strict();
