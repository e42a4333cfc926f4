import { z } from 'zod';

export const storedKinds = ['ledgers', 'logs', 'metrics', 'history', 'audit', 'wallet', 'settings'] as const;
export type StoredKind = (typeof storedKinds)[number];

/** What of the console's own files can't be kept as it should; words as in a problem. */
export const storeFaultSchema = z.object({
  store: z.enum(storedKinds),
  /** `failing`: can't be written now. `damaged`: something in it could not be read. */
  kind: z.enum(['failing', 'damaged']),
  /** The file itself, or the copy in which a damaged one was set aside. */
  file: z.string(),
  title: z.string(),
  detail: z.string(),
  hint: z.string(),
  since: z.iso.datetime(),
});
export type StoreFault = z.infer<typeof storeFaultSchema>;
