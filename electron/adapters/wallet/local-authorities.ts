import { CertificateAuthority } from '../../../network/artifacts/authority';
import { MaterialError } from '../../../network/artifacts/material-error';
import type { Organization } from '../../../network/topology/schema';
import type { Authority } from '../../api/identity-models';
import { problem } from '../../core/problem';
import type { LocalNetwork } from '../runtime/local-network';

/** What can be issued for an organization on this machine: its CA's certificate and key are looked at, nothing is issued. */
export async function describeAuthority(
  network: LocalNetwork,
  organization: Organization,
): Promise<Authority> {
  const { authority } = network.material.organization(organization.name);
  const known = {
    organization: organization.name,
    mspId: organization.mspId,
    name: authority.name,
    domain: organization.domain,
  };
  try {
    const opened = await CertificateAuthority.open(authority);
    await opened.requireKey();
    return { ...known, expires: opened.expiryOfIssued().toISOString(), problem: null };
  } catch (error) {
    if (!(error instanceof MaterialError)) throw error;
    const { title, detail, hint } = authorityProblem(error, organization, authority.key).problem;
    return { ...known, expires: null, problem: { title, detail, hint } };
  }
}

/** Why a CA can't issue. `keyFile`: where its key should be. */
export function authorityProblem(error: MaterialError, organization: Organization, keyFile: string) {
  const keyMissing = error.file === keyFile;
  return problem(keyMissing ? 'KEY_UNUSABLE' : 'CERTIFICATE_INVALID', {
    title: keyMissing
      ? `Nothing can be issued for ${organization.name} here: the key of its CA cannot be used.`
      : `Nothing can be issued for ${organization.name} here: its CA’s certificate cannot be used.`,
    detail: `${error.file}: ${error.detail}.`,
    hint: `${error.hint} Whoever has the CA can issue a certificate there; import it here.`,
    cause: error,
  });
}
