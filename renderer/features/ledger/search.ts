import { z } from 'zod';

export const transactionTabs = ['changes', 'json', 'hex'] as const;
export type TransactionTab = (typeof transactionTabs)[number];

export const transactionSearch = z.object({
  /** How what it read and wrote is shown. */
  show: z.enum(transactionTabs).optional().catch(undefined),
});
