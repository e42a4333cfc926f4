import { z } from 'zod';

export const networkViews = ['map', 'table'] as const;
export const networkSearch = z.object({
  view: z.enum(networkViews).optional().catch(undefined),
  /** Full name of the chosen node. */
  node: z.string().optional().catch(undefined),
});

export const nodeTabs = ['summary', 'logs', 'stats', 'metrics', 'configuration', 'environment'] as const;
export const nodeSearch = z.object({
  tab: z.enum(nodeTabs).optional().catch(undefined),
});
