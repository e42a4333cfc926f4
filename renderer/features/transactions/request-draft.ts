import type { SavedRequest, TransactionRecord } from '../../../electron/api/activity-models';
import { draftKey } from './draft';
import type { Draft } from './draft';

type Request = Pick<
  SavedRequest | TransactionRecord,
  'channel' | 'contract' | 'function' | 'args' | 'transientKeys' | 'endorsingOrganizations'
>;

/**
 * Fills the form with what was saved or run before, and says where that form is. Transient values were never kept: only
 * their names come back.
 */
export function requestDraft(request: Request): {
  readonly key: string;
  readonly draft: Partial<Draft>;
  readonly search: { channel: string; contract: string; function: string };
} {
  const { channel, contract, args, transientKeys, endorsingOrganizations } = request;
  return {
    key: draftKey(contract, request.function),
    draft: {
      functionName: request.function,
      args,
      transient: transientKeys.map((name) => ({ name, value: '' })),
      endorsers: endorsingOrganizations,
      tried: false,
    },
    search: { channel, contract, function: request.function },
  };
}
