import { z } from 'zod';

export const identitiesSearch = z.object({
  /** ORG/NAME of the chosen identity. */
  identity: z.string().optional().catch(undefined),
});
