import { z } from 'zod';

export const identitySources = ['all', 'network', 'issued', 'imported'] as const;
export const identityForms = ['import', 'issue'] as const;
export const identitySorts = ['organization', 'name', 'role', 'expires', 'source', 'calls'] as const;

export const identitiesSearch = z.object({
  /** ORG/NAME of the chosen identity. */
  identity: z.string().optional().catch(undefined),
  /** Part of what stands in a row, in any case. */
  q: z.string().optional().catch(undefined),
  source: z.enum(identitySources).optional().catch(undefined),
  /** The dialog that is open. */
  form: z.enum(identityForms).optional().catch(undefined),
  sort: z.enum(identitySorts).optional().catch(undefined),
  descending: z.boolean().optional().catch(undefined),
});
export type IdentitiesSearch = z.infer<typeof identitiesSearch>;
