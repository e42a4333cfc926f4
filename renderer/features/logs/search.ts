import { z } from 'zod';

export const logsSearch = z.object({
  /** Full names of the nodes side by side. */
  nodes: z.array(z.string()).optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  /** The moment to look at, ISO 8601. */
  at: z.string().optional().catch(undefined),
  transaction: z.string().optional().catch(undefined),
});
