import { z } from 'zod';

/** What the address may hold. A value it can't hold is left out rather than refused: an old link still opens its view. */
export const rootSearch = z.object({
  /** The channel chosen in the header; kept when the view changes. */
  channel: z.string().optional().catch(undefined),
});
export type RootSearch = z.infer<typeof rootSearch>;

export const channelTabs = ['membership', 'configuration', 'policies'] as const;
export const channelsSearch = z.object({
  tab: z.enum(channelTabs).optional().catch(undefined),
  /** The peer of the chosen cell of the matrix. */
  peer: z.string().optional().catch(undefined),
  disagreements: z.boolean().optional().catch(undefined),
});

export const taskFilters = ['all', 'running', 'failed'] as const;
export const tasksSearch = z.object({
  task: z.string().optional().catch(undefined),
  show: z.enum(taskFilters).optional().catch(undefined),
});
