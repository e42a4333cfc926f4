import { z } from 'zod';

export const channelTabs = ['membership', 'configuration', 'policies'] as const;
export const channelsSearch = z.object({
  tab: z.enum(channelTabs).optional().catch(undefined),
  /** The peer of the chosen cell of the matrix. */
  peer: z.string().optional().catch(undefined),
  disagreements: z.boolean().optional().catch(undefined),
});
