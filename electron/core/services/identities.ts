import type { TransactionRecord } from '../../api/activity-models';
import type { IdentityUsage } from '../../api/identity-models';
import type { Identity } from '../../api/models';
import type { IdentityStore } from '../ports/fabric';
import { problem } from '../problem';

/** The identity named ORG/NAME, organization and name in any case. */
export async function requireIdentity(store: IdentityStore, wanted: string): Promise<Identity> {
  const identities = await store.list();
  const found = identities.find((identity) => identity.id.toLowerCase() === wanted.toLowerCase());
  if (found) return found;
  throw problem('UNKNOWN_IDENTITY', {
    title: `There is no identity ${wanted}.`,
    detail: identities.length === 0 ? 'No identity has been issued yet: the network was never started.' : '',
    hint:
      identities.length === 0
        ? 'Run `cityflow up` first.'
        : `Use ORG/NAME, one of ${identities.map((identity) => identity.id).join(', ')}.`,
  });
}

/** How often each identity was used, from the calls that are remembered, newest first. */
export function usageOf(
  records: readonly Pick<TransactionRecord, 'as' | 'at' | 'outcome'>[],
): IdentityUsage[] {
  const usage = new Map<string, IdentityUsage>();
  for (const { as, at, outcome } of records) {
    const known = usage.get(as) ?? { identity: as, calls: 0, failed: 0, last: at };
    usage.set(as, {
      ...known,
      calls: known.calls + 1,
      failed: known.failed + (outcome === 'OK' ? 0 : 1),
      last: known.last > at ? known.last : at,
    });
  }
  return [...usage.values()];
}
