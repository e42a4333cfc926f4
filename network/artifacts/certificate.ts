import { createHash, webcrypto } from 'node:crypto';
import * as x509 from './x509';
import { ATTRIBUTE_OID, attributeDocument, type Attributes } from './attributes';
import { encodePem, sanitizeCertificate } from '../protocol/certificate-pem';

/** What cryptogen and fabric-ca use, and every Fabric version accepts. */
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** A certificate's name: what stands in its subject beside cryptogen's country, province and city. */
export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
  /** NodeOU: the role in the MSP (client, peer, admin, orderer). */
  readonly organizationalUnit?: string;
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface KeyPair {
  readonly publicKey: webcrypto.CryptoKey;
  readonly privateKey: webcrypto.CryptoKey;
  /** PKCS#8 PEM. */
  readonly privateKeyPem: string;
}

/** Who signs: a CA's certificate and key, or for a CA itself only the key. */
export interface Issuer {
  readonly privateKey: webcrypto.CryptoKey;
  /** PEM; absent for a self-signed certificate. */
  readonly certificatePem?: string;
}

export interface CertificateRequest {
  readonly subject: Subject;
  readonly publicKey: webcrypto.CryptoKey;
  readonly issuer: Issuer;
  readonly validity: Validity;
  readonly extensions: readonly x509.Extension[];
}

/** Generates a P-256 key pair, off the main thread. */
export async function generateKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await webcrypto.subtle.generateKey(KEY_ALGORITHM, true, [
    'sign',
    'verify',
  ]);
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return { publicKey, privateKey, privateKeyPem: encodePem(new Uint8Array(pkcs8), 'PRIVATE KEY') };
}

/** Reads a PKCS#8 key for signing. Throws when it is no P-256 key. */
export function importSigningKey(pkcs8: Uint8Array): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', pkcs8, KEY_ALGORITHM, false, ['sign']);
}

/**
 * Creates a certificate as cryptogen does, with a subject key identifier (SHA-256 of the public point, RFC 7093
 * method 4) and the issuer's as authority key identifier. The signature has low S: a genuine MSP rewrites
 * certificates with high S, and then an endorser's bytes differ from the file's (msp/cert.go).
 * @returns PEM, 64 characters a line
 */
export async function createCertificate(request: CertificateRequest): Promise<string> {
  const subjectKeyId = await keyIdentifier(request.publicKey);
  const name = subjectName(request.subject);
  const issuer = request.issuer.certificatePem;
  const parent = issuer === undefined ? undefined : new x509.X509Certificate(issuer);
  const authorityKeyId = parent?.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    // Verifiers compare the bytes of issuer and subject: take them from the parent, never build them again.
    issuer: parent?.subjectName ?? name,
    ...request.validity,
    publicKey: request.publicKey,
    signingKey: request.issuer.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      ...request.extensions,
      new x509.SubjectKeyIdentifierExtension(subjectKeyId),
      ...(authorityKeyId === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(authorityKeyId)]),
    ],
  });
  return encodePem(sanitizeCertificate(new Uint8Array(certificate.rawData), 'prime256v1'));
}

/** Key usages, extended usages and constraints of a CA, as cryptogen's. */
export function authorityExtensions(): x509.Extension[] {
  const { digitalSignature, keyEncipherment, keyCertSign, cRLSign } = x509.KeyUsageFlags;
  return [
    new x509.KeyUsagesExtension(digitalSignature | keyEncipherment | keyCertSign | cRLSign, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
    new x509.BasicConstraintsExtension(true, undefined, true),
  ];
}

/** Extensions of an identity of an MSP: it signs, nothing else. Fabric attributes are not critical. */
export function identityExtensions(attributes?: Attributes): x509.Extension[] {
  return [
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.BasicConstraintsExtension(false, undefined, true),
    ...(attributes === undefined
      ? []
      : [new x509.Extension(ATTRIBUTE_OID, false, attributeDocument(attributes))]),
  ];
}

/** Extensions of a TLS certificate for server and client side, valid for `hosts` (DNS names and IP addresses). */
export function tlsExtensions(hosts: readonly string[]): x509.Extension[] {
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const names = hosts.map((value): x509.JsonGeneralName => ({
    type: isIpAddress(value) ? 'ip' : 'dns',
    value,
  }));
  return [
    new x509.KeyUsagesExtension(digitalSignature | keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
    new x509.BasicConstraintsExtension(false, undefined, true),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  ];
}

function isIpAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(':');
}

async function keyIdentifier(publicKey: webcrypto.CryptoKey): Promise<string> {
  const point = await webcrypto.subtle.exportKey('raw', publicKey);
  return createHash('sha256').update(new Uint8Array(point)).digest('hex');
}

function subjectName({ commonName, organization, organizationalUnit }: Subject): x509.Name {
  return new x509.Name([
    { C: [{ printableString: 'US' }] },
    { ST: ['California'] },
    { L: ['San Francisco'] },
    ...(organization === undefined ? [] : [{ O: [organization] }]),
    ...(organizationalUnit === undefined ? [] : [{ OU: [organizationalUnit] }]),
    { CN: [commonName] },
  ]);
}
