import { z } from 'zod';
import { logViewSearch } from '../../logs/search';

export const logLayouts = ['beside', 'merged'] as const;

export const logsSearch = z.object({
  /** Full names of the nodes whose logs are shown. None: the text is searched for in all that is kept of all logs. */
  nodes: z.array(z.string()).optional().catch(undefined),
  layout: z.enum(logLayouts).optional().catch(undefined),
  /** Everything about this transaction: 64 hexadecimal digits, or the first eight. */
  transaction: z.string().optional().catch(undefined),
  ...logViewSearch,
});
