import { z } from 'zod';

export const connectSearch = z.object({
  /** The nodes are (being) examined. */
  doctor: z.boolean().optional().catch(undefined),
  /** The node whose checks are looked at. */
  node: z.string().optional().catch(undefined),
});
