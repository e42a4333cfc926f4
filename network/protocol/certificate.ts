import { X509Certificate } from 'node:crypto';
import { decodePem, encodePem, sanitizeCertificate } from './certificate-pem';
import { readChildren, readElement, readExactly, readInteger, readOid, Tag, type DerElement } from './der';
import { curveOf, type Curve } from './low-s';

export const ExtensionId = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const ORGANIZATIONAL_UNIT = '2.5.4.11';
const COMMON_NAME = '2.5.4.3';

/** An X.509 certificate with the fields MSP validation needs and node:crypto does not show. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly raw: Uint8Array;
  /** DER of the names, compared byte by byte as Go's verifier does. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly commonName: string;
  /** Organizational units of the subject, in the certificate's order. */
  readonly organizationalUnits: readonly string[];
  readonly serialNumber: bigint;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly signatureAlgorithm: string;
  readonly isCa: boolean;
  /** Longest chain of authorities below this one; undefined when not limited. */
  readonly maxPathLength: number | undefined;
  /** Undefined without the extension: then any use is allowed. */
  readonly mayCertify: boolean | undefined;
  /** Object identifiers of the extended uses; empty without the extension. */
  readonly extendedKeyUsages: readonly string[];
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly extensions: ReadonlySet<string>;
  readonly criticalExtensions: readonly string[];
  /** Curve of the subject's key; undefined when it is no ECDSA key Fabric accepts. */
  readonly curve: Curve | undefined;
}

/** Reads a certificate from PEM. Throws when there is no PEM block or no certificate in it. */
export function parseCertificatePem(pem: Uint8Array | string): Certificate {
  const block = decodePem(pem);
  if (block === undefined) throw new TypeError('could not decode the PEM structure');
  return parseCertificate(block.der);
}

/** Reads a certificate from DER. Throws TypeError or DerError when it is malformed. */
export function parseCertificate(der: Uint8Array): Certificate {
  const x509 = new X509Certificate(der);
  const [tbs, algorithm] = readChildren(readElement(x509.raw));
  const fields = readChildren(required(tbs));
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [serial, , issuer, , subject] = fields;
  const extensions = readExtensions(fields.find((field) => field.tag === 0xa3));
  const names = readName(required(subject));
  const constraints = readBasicConstraints(extensions.get(ExtensionId.basicConstraints)?.value);
  const ski = extensions.get(ExtensionId.subjectKeyIdentifier)?.value;
  return {
    x509,
    raw: x509.raw,
    issuer: required(issuer).raw,
    subject: required(subject).raw,
    commonName: names.findLast(({ type }) => type === COMMON_NAME)?.value ?? '',
    organizationalUnits: names.filter(({ type }) => type === ORGANIZATIONAL_UNIT).map(({ value }) => value),
    serialNumber: readInteger(required(serial)),
    notBefore: new Date(x509.validFrom),
    notAfter: new Date(x509.validTo),
    signatureAlgorithm: readOid(required(readChildren(required(algorithm))[0])),
    isCa: constraints.isCa,
    maxPathLength: constraints.maxPathLength,
    mayCertify: readMayCertify(extensions.get(ExtensionId.keyUsage)?.value),
    extendedKeyUsages: readExtendedUsages(extensions.get(ExtensionId.extendedKeyUsage)?.value),
    subjectKeyIdentifier: ski === undefined ? undefined : readExactly(ski, Tag.OCTET_STRING).contents,
    extensions: new Set(extensions.keys()),
    criticalExtensions: [...extensions].filter(([, { critical }]) => critical).map(([id]) => id),
    curve: curveOf(x509.publicKey),
  };
}

export function certificatePem(certificate: Certificate): string {
  return encodePem(certificate.raw);
}

/** The certificate with its signature in low-S form, given its issuer; the same object when it is so already. */
export function sanitized(certificate: Certificate, issuer: Certificate): Certificate {
  const der = sanitizeCertificate(certificate.raw, issuer.curve);
  return der === certificate.raw ? certificate : parseCertificate(der);
}

/** How Go prints a subject: used in messages only. */
export function subjectText(certificate: Certificate): string {
  return certificate.x509.subject.split('\n').reverse().join(',');
}

function required<T>(part: T | undefined): T {
  if (part === undefined) throw new TypeError('not an X.509 certificate: a field is missing');
  return part;
}

export interface Extension {
  readonly critical: boolean;
  /** Contents of the extension's OCTET STRING. */
  readonly value: Uint8Array;
}

/** Extensions by object identifier, from the context tag that wraps them in certificates and revocation lists. */
export function readExtensions(wrapper: DerElement | undefined): Map<string, Extension> {
  const extensions = new Map<string, Extension>();
  if (wrapper === undefined) return extensions;
  for (const extension of readChildren(readExactly(wrapper.contents, Tag.SEQUENCE))) {
    const [id, ...rest] = readChildren(extension);
    const value = rest.at(-1);
    if (id === undefined || value?.tag !== Tag.OCTET_STRING) throw new TypeError('malformed X.509 extension');
    const critical = rest.length === 2 && rest[0]?.tag === Tag.BOOLEAN && rest[0].contents[0] !== 0;
    extensions.set(readOid(id), { critical, value: value.contents });
  }
  return extensions;
}

const BMP_STRING = 0x1e;
const LATIN_STRINGS = new Set([0x13 /* PrintableString */, 0x14 /* TeletexString */, 0x16 /* IA5String */]);

function readName(name: DerElement): { type: string; value: string }[] {
  return readChildren(name)
    .flatMap(readChildren)
    .map((attribute) => {
      const [type, value] = readChildren(attribute);
      return { type: readOid(required(type)), value: readText(required(value)) };
    });
}

function readText({ tag, contents }: DerElement): string {
  const bytes = Buffer.from(contents);
  if (tag === BMP_STRING) return bytes.swap16().toString('utf16le');
  return bytes.toString(LATIN_STRINGS.has(tag) ? 'latin1' : 'utf8');
}

function readBasicConstraints(value: Uint8Array | undefined): {
  isCa: boolean;
  maxPathLength: number | undefined;
} {
  if (value === undefined) return { isCa: false, maxPathLength: undefined };
  const parts = readChildren(readExactly(value, Tag.SEQUENCE));
  const flag = parts.find(({ tag }) => tag === Tag.BOOLEAN);
  const length = parts.find(({ tag }) => tag === Tag.INTEGER);
  return {
    isCa: flag !== undefined && flag.contents[0] !== 0,
    maxPathLength: length === undefined ? undefined : Number(readInteger(length)),
  };
}

const KEY_CERT_SIGN = 0x04;

function readMayCertify(value: Uint8Array | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  const bits = readExactly(value, Tag.BIT_STRING).contents[1] ?? 0;
  return (bits & KEY_CERT_SIGN) !== 0;
}

function readExtendedUsages(value: Uint8Array | undefined): string[] {
  return value === undefined ? [] : readChildren(readExactly(value, Tag.SEQUENCE)).map(readOid);
}
