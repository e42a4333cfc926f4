import { z } from 'zod';
import { nodeActionSchema } from '../../../electron/api/node-models';
import { logViewSearch } from '../../logs/search';

export const networkViews = ['map', 'table'] as const;

/** What is asked before it is done; the question stands in the address, so that the palette can ask it from any view. */
const askSchema = nodeActionSchema.optional().catch(undefined);

export const networkSearch = z.object({
  view: z.enum(networkViews).optional().catch(undefined),
  /** Full name of the chosen node. */
  node: z.string().optional().catch(undefined),
  /** About the chosen node; `down` is about the network. */
  ask: z
    .enum([...nodeActionSchema.options, 'down'])
    .optional()
    .catch(undefined),
  /** Of the table: part of a node's name, organization, state or channel. */
  filter: z.string().optional().catch(undefined),
  sort: z.string().optional().catch(undefined),
  descending: z.boolean().optional().catch(undefined),
});
export type NetworkSearch = z.infer<typeof networkSearch>;

export const nodeTabs = ['summary', 'logs', 'stats', 'metrics', 'configuration', 'environment'] as const;
export type NodeTab = (typeof nodeTabs)[number];

export const nodeSearch = z.object({
  tab: z.enum(nodeTabs).optional().catch(undefined),
  ask: askSchema,
  ...logViewSearch,
});
