import { z } from 'zod';

export const requestTabs = ['form', 'json', 'cli', 'typescript'] as const;
export type RequestTab = (typeof requestTabs)[number];

export const historyFilters = ['all', 'written', 'evaluated', 'failed'] as const;
export type HistoryFilter = (typeof historyFilters)[number];

const text = z.string().optional().catch(undefined);

export const transactionsSearch = z.object({
  contract: text,
  /** The function as it is called; none: the first, or with `free` one that is typed. */
  function: text,
  /** Function and arguments are typed, whatever the contract describes. */
  free: z.boolean().optional().catch(undefined),
  tab: z.enum(requestTabs).optional().catch(undefined),
  /** The saved request that fills the form. */
  saved: text,
  /** The submit whose outcome is shown. */
  task: text,
  view: z.enum(['history']).optional().catch(undefined),
  /** Which calls the history shows, and the one that is open. */
  ran: z.enum(historyFilters).optional().catch(undefined),
  find: text,
  record: text,
});
export type TransactionsSearch = z.infer<typeof transactionsSearch>;
