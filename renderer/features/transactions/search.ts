import { z } from 'zod';

export const transactionsSearch = z.object({
  contract: z.string().optional().catch(undefined),
  function: z.string().optional().catch(undefined),
});
