import { z } from 'zod';

/** What the address may hold. A value it can't hold is left out rather than refused: an old link still opens its view. */
export const rootSearch = z.object({
  /** The channel chosen in the header; kept when the view changes. */
  channel: z.string().optional().catch(undefined),
});
export type RootSearch = z.infer<typeof rootSearch>;
