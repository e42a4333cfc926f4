import { z } from 'zod';

export const connectSearch = z.object({
  /** The saved network that is looked at. */
  network: z.string().optional().catch(undefined),
});
