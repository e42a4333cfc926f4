import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { parseCertificate } from '../../../network/protocol/certificate';
import type { Certificate } from '../../../network/protocol/certificate';
import { certificateFacts, oneLine } from './certificate-facts';
import { failed, passed, skipped } from './finding';
import type { Finding } from './finding';
import { isCertificate, isPrivateKey } from './pem-field';
import type { PemField } from './pem-field';

interface ReadCertificate {
  readonly found: Certificate | undefined;
  readonly finding: Finding;
}

/** The certificate of a field. `swapped`: the key's field holds the certificate. */
export function readCertificate(
  field: PemField,
  swapped: boolean,
  key: KeyObject | undefined,
): ReadCertificate {
  const refuse = (title: string, detail: string, hint: string): ReadCertificate => ({
    found: undefined,
    finding: failed('certificate', 'CERTIFICATE_INVALID', title, detail, hint),
  });
  const blocks = field.blocks.filter(isCertificate);
  const [other] = field.blocks;
  if (field.isEmpty) {
    return { found: undefined, finding: skipped('certificate', 'No certificate has been given yet.') };
  }
  if (blocks.length === 0 && other && isPrivateKey(other)) {
    return refuse(
      'That is a private key, not a certificate.',
      swapped ? 'The certificate stands in the field of the key.' : '',
      swapped ? 'Swap the two fields.' : 'Give the certificate here and the key in its own field.',
    );
  }
  if (blocks.length === 0 && other?.type.endsWith('CERTIFICATE REQUEST')) {
    return refuse(
      'That is a request for a certificate, not a certificate.',
      'A CA answers it with the certificate.',
      'Send it to the organization’s CA and import what comes back.',
    );
  }
  if (blocks.length === 0) {
    return refuse(
      'That is no certificate.',
      field.cutOff
        ? `It is cut off: the line -----END ${field.cutOff}----- is missing.`
        : other
          ? `It is a ${other.type}.`
          : 'It holds no PEM block.',
      'A PEM file begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----; copy both lines and all between.',
    );
  }
  const certificates: Certificate[] = [];
  for (const { pem } of blocks) {
    try {
      const certificate = parseCertificate(new X509Certificate(pem).raw);
      // Throws where its attributes are no JSON: contracts could not read them either.
      certificateFacts(certificate);
      certificates.push(certificate);
    } catch (error) {
      return refuse(
        'That is no certificate.',
        `Between its lines stands something else or only a part: ${said(error)}`,
        'Copy the file anew, whole.',
      );
    }
  }
  return taken(certificates, field, key);
}

/** Of several, the one that the key belongs to; else the first that is no CA's. */
function taken(
  certificates: readonly Certificate[],
  field: PemField,
  key: KeyObject | undefined,
): ReadCertificate {
  const found =
    certificates.find((certificate) => key && certificate.x509.checkPrivateKey(key)) ??
    certificates.find(({ isCa }) => !isCa) ??
    certificates[0];
  if (!found) throw new TypeError('no certificate to choose from');
  if (found.isCa) {
    return {
      found: undefined,
      finding: failed(
        'certificate',
        'CERTIFICATE_INVALID',
        'That is the certificate of a CA, not of an identity.',
        `It is ${oneLine(found.x509.subject)}.`,
        'Choose the certificate from the folder `signcerts` of the identity’s MSP, not from `cacerts`.',
      ),
    };
  }
  const right = field.putRight.length === 0 ? '' : `Put right: ${field.putRight.join(', ')}.`;
  const name = found.commonName || oneLine(found.x509.subject);
  const finding: Finding =
    certificates.length === 1
      ? passed('certificate', `The certificate of ${name}.`, right)
      : {
          check: 'certificate',
          outcome: 'warning',
          title: `${certificates.length} certificates: that of ${name} is taken.`,
          detail: [
            `Left out: ${certificates
              .filter((other) => other !== found)
              .map((other) => other.commonName || oneLine(other.x509.subject))
              .join(', ')}.`,
            right,
          ]
            .filter(Boolean)
            .join(' '),
          hint: 'CAs need not be imported: the network names those it trusts.',
        };
  return { found, finding };
}

const SOON_MS = 30 * 86_400_000;
const day = (date: Date): string => date.toISOString().slice(0, 10);

export function checkTimes(certificate: Certificate | undefined): Finding {
  if (!certificate) return skipped('validity', 'Whether it is valid now.');
  const now = new Date();
  const { notBefore, notAfter } = certificate;
  if (now > notAfter) {
    return failed(
      'validity',
      'CERTIFICATE_INVALID',
      'The certificate has expired.',
      `It was valid until ${notAfter.toISOString()}.`,
      'Have it renewed by its CA, or issue a new identity.',
    );
  }
  if (now < notBefore) {
    return failed(
      'validity',
      'CERTIFICATE_INVALID',
      'The certificate is not valid yet.',
      `It is valid from ${notBefore.toISOString()}; here it is ${now.toISOString()}.`,
      'Is this machine’s clock right?',
    );
  }
  const valid = passed('validity', `Valid until ${day(notAfter)}.`);
  return notAfter.getTime() - now.getTime() < SOON_MS
    ? {
        ...valid,
        outcome: 'warning',
        title: `Valid until ${day(notAfter)} only.`,
        hint: 'Have it renewed soon.',
      }
    : valid;
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
