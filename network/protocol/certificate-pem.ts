import { encodeElement, readChildren, readElement, readOid, Tag } from './der';
import { readEcdsaSignature, toLowS, type Curve } from './low-s';

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]*)-----\s*([A-Za-z0-9+/=\s]+?)-----END \1-----\r?\n?/;

/** Contents of the first PEM block, or undefined when there is none (as Go's pem.Decode). */
export function decodePem(pem: Uint8Array | string): { type: string; der: Buffer } | undefined {
  const text = typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
  const match = PEM_BLOCK.exec(text);
  if (match === null) return undefined;
  return { type: match[1] ?? '', der: Buffer.from(match[2] ?? '', 'base64') };
}

/** PEM as Go's pem.EncodeToMemory writes it: 64 characters a line, final line feed. */
export function encodePem(der: Uint8Array, type = 'CERTIFICATE'): string {
  const base64 = Buffer.from(der).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${type}-----\n${lines.join('\n')}\n-----END ${type}-----\n`;
}

const ECDSA_SIGNATURE_OIDS = new Set([
  '1.2.840.10045.4.1',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);

/**
 * The certificate with the issuer's ECDSA signature in low-S form (msp/cert.go sanitizeECDSASignedCert). Certificates
 * signed otherwise, or in low-S form already, are returned as they are. `issuerCurve` is the curve of the issuer's
 * key; when it is not known it is told from the size of the signature's integers.
 */
export function sanitizeCertificate(der: Uint8Array, issuerCurve?: Curve): Uint8Array {
  const [tbs, algorithm, signature] = readChildren(readElement(der));
  if (tbs === undefined || algorithm === undefined || signature?.tag !== Tag.BIT_STRING) {
    throw new TypeError('not an X.509 certificate');
  }
  const [oid] = readChildren(algorithm);
  if (oid === undefined || !ECDSA_SIGNATURE_OIDS.has(readOid(oid))) return der;
  const value = signature.contents.subarray(1);
  const lowS = toLowS(value, issuerCurve ?? curveBySize(value));
  if (lowS === value) return der;
  return encodeElement(
    Tag.SEQUENCE,
    tbs.raw,
    algorithm.raw,
    encodeElement(Tag.BIT_STRING, Buffer.of(0), lowS),
  );
}

function curveBySize(signature: Uint8Array): Curve {
  const { r, s } = readEcdsaSignature(signature);
  const widest = r > s ? r : s;
  if (widest >> 384n > 0n) return 'secp521r1';
  return widest >> 256n > 0n ? 'secp384r1' : 'prime256v1';
}
