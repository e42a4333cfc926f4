import type { X509Certificate } from 'node:crypto';
import type { Certificate } from '../../../network/protocol/certificate';
import { Msp } from '../../../network/protocol/msp';
import { serializeIdentity } from '../../../network/protocol/signing';
import { oneLine } from './certificate-facts';
import { failed, passed, skipped } from './finding';
import type { Finding } from './finding';

export interface KnownOrganization {
  readonly name: string;
  readonly mspId: string;
  /** Its verifying MSP. */
  readonly mspFolder: string;
}

/** The organization whose MSP accepts it. */
export async function acceptedBy(
  certificate: X509Certificate,
  organizations: readonly KnownOrganization[],
): Promise<KnownOrganization | undefined> {
  for (const organization of organizations) {
    if ((await refusedBy(certificate, organization)) === undefined) return organization;
  }
  return undefined;
}

/** Whose it is, and whether they accept it. `unknown`: what was asked for where the network has no such organization. */
export async function checkIssuer(
  unknown: string | undefined,
  certificate: Certificate | undefined,
  organization: KnownOrganization | undefined,
  accepting: KnownOrganization | undefined,
  organizations: readonly KnownOrganization[],
): Promise<Finding[]> {
  const later = [
    skipped('chain', 'Whether the organization’s CA issued it.'),
    skipped('role', 'Whether it names a role.'),
  ];
  const known = `This network has ${organizations.map(({ name, mspId }) => `${name} (${mspId})`).join(', ')}.`;
  if (unknown !== undefined) {
    return [
      failed(
        'organization',
        'UNKNOWN_ORGANIZATION',
        `This network has no organization ${unknown}.`,
        '',
        `Its organizations: ${organizations.map(({ name, mspId }) => `${name} (${mspId})`).join(', ')}.`,
      ),
      ...later,
    ];
  }
  if (!certificate) return [skipped('organization', 'Which organization it is of.'), ...later];
  const issuer = oneLine(certificate.x509.issuer);
  if (!organization) {
    return [
      failed(
        'organization',
        'CERTIFICATE_INVALID',
        'No organization of this network accepts the certificate.',
        `Its issuer is ${issuer}. ${known}`,
        'Import a certificate that one of their CAs issued, or choose the organization to see why it refuses.',
      ),
      ...later,
    ];
  }
  const refusal = await refusedBy(certificate.x509, organization);
  const organizationPassed = passed('organization', `Of ${organization.name} (${organization.mspId}).`);
  if (refusal === undefined) {
    const role = roles.find((unit) => certificate.organizationalUnits.includes(unit));
    return [
      organizationPassed,
      passed('chain', `Issued by ${organization.name}’s CA.`, `Issuer: ${issuer}.`),
      role
        ? passed('role', `Its role is ${role}.`)
        : passed('role', 'It names no role; the organization asks for none.'),
    ];
  }
  if (accepting && accepting.mspId !== organization.mspId) {
    return [
      failed(
        'organization',
        'CERTIFICATE_INVALID',
        `The certificate is one of ${accepting.name}, not of ${organization.name}.`,
        `Its issuer is ${issuer}.`,
        `Import it for ${accepting.name}.`,
      ),
      ...later,
    ];
  }
  if (/OUs/.test(refusal)) {
    return [
      organizationPassed,
      passed('chain', `Issued by ${organization.name}’s CA.`, `Issuer: ${issuer}.`),
      failed(
        'role',
        'CERTIFICATE_INVALID',
        `The MSP of ${organization.name} does not accept the certificate’s role.`,
        `Its units (OU) are ${certificate.organizationalUnits.join(', ') || 'none'}. ${refusal}`,
        'Have it issued with one role – client, admin, peer or orderer – as its OU.',
      ),
    ];
  }
  return [
    organizationPassed,
    failed(
      'chain',
      'CERTIFICATE_INVALID',
      `The MSP of ${organization.name} does not accept the certificate.`,
      `Its issuer is ${issuer}. ${refusal}`,
      'Use a certificate of a CA that the organization’s MSP names, with a role (client, admin, peer or orderer) as its OU.',
    ),
    skipped('role', 'Whether it names a role.'),
  ];
}

const roles = ['admin', 'client', 'peer', 'orderer'];

/** Why the organization's MSP refuses it, in the words of a node; undefined where it doesn't. */
export async function refusedBy(
  certificate: X509Certificate,
  { mspId, mspFolder }: KnownOrganization,
): Promise<string | undefined> {
  try {
    const msp = await Msp.load(mspId, mspFolder);
    msp.deserializeIdentity(serializeIdentity(mspId, certificate.toString())).validate();
    return undefined;
  } catch (error) {
    return said(error);
  }
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
