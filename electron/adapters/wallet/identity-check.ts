import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { curveOf } from '../../../network/protocol/low-s';
import { Msp } from '../../../network/protocol/msp';
import { serializeIdentity } from '../../../network/protocol/signing';
import { problem } from '../../core/problem';

export interface CheckedIdentity {
  readonly certificate: X509Certificate;
  readonly certificatePem: string;
  /** PKCS#8 PEM, whatever form it came in. */
  readonly privateKeyPem: string;
}

export interface KnownOrganization {
  readonly name: string;
  readonly mspId: string;
  /** Its verifying MSP. */
  readonly mspFolder: string;
}

/** Everything that would make nodes refuse the pair, said one by one. Throws CERTIFICATE_INVALID or KEY_UNUSABLE. */
export async function checkIdentity(
  certificatePem: string,
  privateKeyPem: string,
  organization: KnownOrganization,
  others: readonly KnownOrganization[],
): Promise<CheckedIdentity> {
  const certificate = readCertificate(certificatePem);
  const key = readKey(privateKeyPem);
  if (!createPublicKey(key).equals(certificate.publicKey)) {
    throw problem('KEY_UNUSABLE', {
      title: 'The private key does not belong to the certificate.',
      detail: `The certificate is that of ${oneLine(certificate.subject)}.`,
      hint: 'Choose the key from the `keystore` folder beside the certificate’s `signcerts`.',
    });
  }
  checkTimes(certificate);
  await checkIssuer(certificate, organization, others);
  return {
    certificate,
    certificatePem: certificate.toString(),
    privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function readCertificate(pem: string): X509Certificate {
  if (/PRIVATE KEY-----/.test(pem)) {
    throw problem('CERTIFICATE_INVALID', {
      title: 'That is a private key, not a certificate.',
      hint: 'Give the certificate here and the key in its own field.',
    });
  }
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw problem('CERTIFICATE_INVALID', {
      title: 'That is no certificate.',
      detail: error instanceof Error ? error.message : String(error),
      hint: 'A PEM file begins with -----BEGIN CERTIFICATE-----.',
      cause: error,
    });
  }
}

function readKey(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) {
    throw problem('KEY_UNUSABLE', {
      title: 'The private key is encrypted with a password.',
      detail: 'The console does not ask for passwords of keys.',
      hint: 'Decrypt it first: `openssl pkcs8 -in key.pem -out plain.pem`. The wallet encrypts it again.',
    });
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw problem('KEY_UNUSABLE', {
      title: 'That is no private key.',
      detail: error instanceof Error ? error.message : String(error),
      hint: 'A PEM file begins with -----BEGIN PRIVATE KEY----- or -----BEGIN EC PRIVATE KEY-----.',
      cause: error,
    });
  }
  if (key.asymmetricKeyType !== 'ec' || curveOf(key) === undefined) {
    const curve = key.asymmetricKeyDetails?.namedCurve;
    throw problem('KEY_UNUSABLE', {
      title: 'Fabric does not sign with this kind of key.',
      detail: `It is ${curve ? `an elliptic-curve key on ${curve}` : `a key of type ${String(key.asymmetricKeyType)}`}.`,
      hint: 'Use an ECDSA key on the curve P-256 or P-384.',
    });
  }
  return key;
}

function checkTimes(certificate: X509Certificate): void {
  const now = new Date();
  if (now > new Date(certificate.validTo)) {
    throw problem('CERTIFICATE_INVALID', {
      title: 'The certificate has expired.',
      detail: `It was valid until ${certificate.validTo}.`,
      hint: 'Have it renewed by its CA, or issue a new identity.',
    });
  }
  if (now < new Date(certificate.validFrom)) {
    throw problem('CERTIFICATE_INVALID', {
      title: 'The certificate is not valid yet.',
      detail: `It is valid from ${certificate.validFrom}.`,
      hint: 'Is this machine’s clock right?',
    });
  }
}

async function checkIssuer(
  certificate: X509Certificate,
  organization: KnownOrganization,
  others: readonly KnownOrganization[],
): Promise<void> {
  const refusal = await refusedBy(certificate, organization);
  if (refusal === undefined) return;
  for (const other of others) {
    if (other.mspId === organization.mspId || (await refusedBy(certificate, other)) !== undefined) continue;
    throw problem('CERTIFICATE_INVALID', {
      title: `The certificate is one of ${other.name}, not of ${organization.name}.`,
      detail: `Its issuer is ${oneLine(certificate.issuer)}.`,
      hint: `Import it for ${other.name}.`,
    });
  }
  throw problem('CERTIFICATE_INVALID', {
    title: `The MSP of ${organization.name} does not accept the certificate.`,
    detail: `Its issuer is ${oneLine(certificate.issuer)}. ${refusal}`,
    hint: 'Use a certificate of a CA that the organization’s MSP names, with a role (client, admin, peer or orderer) as its OU.',
  });
}

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
    return error instanceof Error ? error.message : String(error);
  }
}

const oneLine = (name: string): string => name.split('\n').join(', ');
