import { z } from 'zod';

export const metricsSearch = z.object({
  minutes: z.number().optional().catch(undefined),
});
