import type { Identity } from '../../../electron/api/models';

/** Who speaks for an organization: an identity made for the contracts, else one that is no admin, else any. */
export function speakerOf(
  identities: readonly Identity[],
  organization: string,
  preferred?: Identity,
): Identity | undefined {
  if (preferred?.organization === organization) return preferred;
  const own = identities.filter((one) => one.organization === organization && one.problem === null);
  return (
    own.find(({ attributes }) => 'role' in attributes) ?? own.find(({ role }) => role !== 'admin') ?? own[0]
  );
}
