import { z } from 'zod';

export const taskFilters = ['all', 'running', 'failed'] as const;
export const tasksSearch = z.object({
  task: z.string().optional().catch(undefined),
  show: z.enum(taskFilters).optional().catch(undefined),
});
