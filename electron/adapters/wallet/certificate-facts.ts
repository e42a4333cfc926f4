import type { KeyObject } from 'node:crypto';
import { certificateAttributes } from '../../../network/artifacts/attributes';
import { ExtensionId, readExtensions } from '../../../network/protocol/certificate';
import type { Certificate } from '../../../network/protocol/certificate';
import { certificatePem } from '../../../network/protocol/certificate';
import { readChildren, readElement, readExactly, Tag } from '../../../network/protocol/der';
import type { CertificateFacts } from '../../api/identity-models';

const signatureAlgorithms: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.3.2': 'ECDSA with SHA-256',
  '1.2.840.10045.4.3.3': 'ECDSA with SHA-384',
  '1.2.840.10045.4.3.4': 'ECDSA with SHA-512',
  '1.2.840.113549.1.1.11': 'RSA with SHA-256',
  '1.2.840.113549.1.1.12': 'RSA with SHA-384',
  '1.2.840.113549.1.1.13': 'RSA with SHA-512',
  '1.3.101.112': 'Ed25519',
};

const extendedUsages: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'TLS server',
  '1.3.6.1.5.5.7.3.2': 'TLS client',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'e-mail protection',
  '2.5.29.37.0': 'any',
};

/** RFC 5280, 4.2.1.3: in the order of the bits. */
const keyUsages = [
  'digital signature',
  'content commitment',
  'key encipherment',
  'data encipherment',
  'key agreement',
  'certificate signing',
  'CRL signing',
  'encipher only',
  'decipher only',
] as const;

/** Curves by the names people use, from those OpenSSL uses. */
const curves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp224r1: 'P-224',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/** @throws SyntaxError where the attribute extension holds no JSON */
export function certificateFacts(certificate: Certificate): CertificateFacts {
  const { x509 } = certificate;
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    commonName: certificate.commonName,
    serialNumber: x509.serialNumber.toLowerCase(),
    from: certificate.notBefore.toISOString(),
    expires: certificate.notAfter.toISOString(),
    fingerprint: x509.fingerprint256,
    organizationalUnits: [...certificate.organizationalUnits],
    alternativeNames: x509.subjectAltName?.split(', ') ?? [],
    attributes: { ...certificateAttributes(certificatePem(certificate)) },
    keyType: keyTypeOf(x509.publicKey),
    signatureAlgorithm: signatureAlgorithms[certificate.signatureAlgorithm] ?? certificate.signatureAlgorithm,
    keyUsages: keyUsagesOf(certificate.raw),
    extendedKeyUsages: certificate.extendedKeyUsages.map((id) => extendedUsages[id] ?? id),
    isAuthority: certificate.isCa,
  };
}

/** `ECDSA on P-256`, `RSA with 2048 bits`, `Ed25519`. */
export function keyTypeOf(key: KeyObject): string {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType ?? 'unknown';
  if (type === 'ec') return `ECDSA on ${curves[namedCurve ?? ''] ?? namedCurve ?? 'an unnamed curve'}`;
  if (type === 'rsa' || type === 'rsa-pss') return `RSA with ${modulusLength ?? '?'} bits`;
  return type === 'ed25519' ? 'Ed25519' : type;
}

export const oneLine = (name: string): string => name.split('\n').join(', ');

function keyUsagesOf(raw: Uint8Array): string[] {
  const [body] = readChildren(readElement(raw));
  const wrapper = body && readChildren(body).find(({ tag }) => tag === 0xa3);
  const value = readExtensions(wrapper).get(ExtensionId.keyUsage)?.value;
  if (!value) return [];
  const bits = readExactly(value, Tag.BIT_STRING).contents.subarray(1);
  return keyUsages.filter((_, index) => ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0);
}
