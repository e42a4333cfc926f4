import type { ImportPreview } from '../../api/identity-models';
import { checkTimes, readCertificate } from './certificate-check';
import { certificateFacts } from './certificate-facts';
import type { Finding } from './finding';
import { acceptedBy, checkIssuer } from './issuer-check';
import type { KnownOrganization } from './issuer-check';
import { belongs, checkKeyType, readKey } from './key-check';
import { isCertificate, isPrivateKey, readPemField } from './pem-field';

export interface ImportRequest {
  /** The one asked for; undefined: whoever's CA issued the certificate. */
  readonly organization: KnownOrganization | undefined;
  /** What was asked for, where the network has no such organization. */
  readonly unknownOrganization?: string | undefined;
  readonly name: string | undefined;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface CheckedIdentity {
  readonly certificatePem: string;
  /** PKCS#8 PEM, whatever form it came in. */
  readonly privateKeyPem: string;
}

export interface CheckOutcome extends Omit<ImportPreview, 'checks' | 'ready'> {
  readonly findings: readonly Finding[];
  /** Present where certificate and key could be read. */
  readonly material: CheckedIdentity | undefined;
  readonly knownOrganization: KnownOrganization | undefined;
}

/** Everything that would make nodes refuse the pair, looked at one by one. Never throws for what was pasted. */
export async function checkImport(
  request: ImportRequest,
  organizations: readonly KnownOrganization[],
): Promise<CheckOutcome> {
  const fields = {
    certificate: readPemField(request.certificatePem),
    key: readPemField(request.privateKeyPem),
  };
  const swapped = fields.certificate.blocks.some(isPrivateKey) && fields.key.blocks.some(isCertificate);
  // One file with both is taken from whichever field it was put into.
  const keyField = fields.key.isEmpty ? fields.certificate : fields.key;
  const key = readKey(keyField, fields.key.isEmpty && !fields.certificate.blocks.some(isPrivateKey));
  const certificate = readCertificate(fields.certificate, swapped, key.key);
  const accepting = certificate.found && (await acceptedBy(certificate.found.x509, organizations));
  const organization = request.organization ?? accepting;
  const facts = certificate.found && certificateFacts(certificate.found);
  const findings: Finding[] = [
    certificate.finding,
    checkTimes(certificate.found),
    ...(await checkIssuer(
      request.unknownOrganization,
      certificate.found,
      organization,
      accepting,
      organizations,
    )),
    key.finding,
    checkKeyType(key.key, certificate.found),
    belongs(key.key, certificate.found),
  ];
  return {
    findings,
    swapped,
    organization: organization?.name ?? null,
    knownOrganization: organization,
    name: request.name ?? facts?.commonName.replace(/@.*$/, '') ?? null,
    certificate: facts ?? null,
    material:
      certificate.found && key.key
        ? {
            certificatePem: certificate.found.x509.toString(),
            privateKeyPem: key.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
          }
        : undefined,
  };
}
