import { z } from 'zod';
import { levels } from './log-line';

/** How logs are looked at, in the address of every view that shows them. */
export const logViewSearch = {
  /** What is searched for, in any case. */
  text: z.string().max(500).optional().catch(undefined),
  /** Lines of this level and worse. */
  level: z.enum(levels).optional().catch(undefined),
  /** Only lines that match. */
  only: z.boolean().optional().catch(undefined),
  wrap: z.boolean().optional().catch(undefined),
  /** Begins at this moment (ISO) instead of at the end. */
  at: z.iso.datetime({ offset: true }).optional().catch(undefined),
} as const;

const logView = z.object(logViewSearch);
export type LogView = z.infer<typeof logView>;
export const parseLogView = (search: unknown): LogView => logView.parse(search);
