import { z } from 'zod';

export const settingsTabs = ['general', 'kept', 'audit', 'diagnostics', 'about'] as const;
export const auditRanges = ['hour', 'day', 'week', 'all'] as const;
export const settingsSearch = z.object({
  tab: z.enum(settingsTabs).optional().catch(undefined),
  /** Part of an entry of the audit log. */
  q: z.string().optional().catch(undefined),
  range: z.enum(auditRanges).optional().catch(undefined),
  failed: z.boolean().optional().catch(undefined),
  /** Time of the chosen entry. */
  entry: z.string().optional().catch(undefined),
});
export type SettingsSearch = z.infer<typeof settingsSearch>;
