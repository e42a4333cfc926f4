import { verify } from 'node:crypto';
import { ExtensionId, readExtensions, type Certificate } from './certificate';
import { decodePem } from './certificate-pem';
import { readChildren, readElement, readExactly, readInteger, readOid, Tag } from './der';

/** A certificate revocation list, as far as an MSP looks into it. */
export interface RevocationList {
  /** Key identifier of the authority that issued the list. */
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly serialNumbers: ReadonlySet<bigint>;
  isSignedBy(authority: Certificate): boolean;
}

const HASHES = new Map([
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
]);

/** Reads a revocation list from PEM or DER. Throws DerError or TypeError when it is malformed. */
export function parseRevocationList(bytes: Uint8Array): RevocationList {
  const der = decodePem(bytes)?.der ?? bytes;
  const [tbs, algorithm, signature] = readChildren(readElement(der));
  if (tbs === undefined || algorithm === undefined || signature?.tag !== Tag.BIT_STRING) {
    throw new TypeError('not a certificate revocation list');
  }
  const fields = readChildren(tbs);
  // version?, signature, issuer, thisUpdate, nextUpdate?, revokedCertificates?, [0] extensions?
  const sequences = fields.filter(({ tag }) => tag === Tag.SEQUENCE);
  const revoked = sequences[2];
  const extensions = readExtensions(fields.find(({ tag }) => tag === 0xa0));
  const serialNumbers = new Set<bigint>();
  for (const entry of revoked === undefined ? [] : readChildren(revoked)) {
    const [serial] = readChildren(entry);
    if (serial !== undefined) serialNumbers.add(readInteger(serial));
  }
  const [oid] = readChildren(algorithm);
  const hash = oid === undefined ? undefined : HASHES.get(readOid(oid));
  return {
    authorityKeyIdentifier: readKeyIdentifier(extensions.get(ExtensionId.authorityKeyIdentifier)?.value),
    serialNumbers,
    isSignedBy: (authority) =>
      hash !== undefined && verify(hash, tbs.raw, authority.x509.publicKey, signature.contents.subarray(1)),
  };
}

function readKeyIdentifier(extension: Uint8Array | undefined): Uint8Array | undefined {
  if (extension === undefined) return undefined;
  return readChildren(readExactly(extension, Tag.SEQUENCE)).find(({ tag }) => tag === 0x80)?.contents;
}

/**
 * Whether one of the lists revokes the certificate: the list's key identifier is that of the issuer, it holds the
 * serial number, and the issuer signed it (msp validateCertAgainstChain). The time of revocation plays no part.
 */
export function isRevoked(
  certificate: Certificate,
  issuer: Certificate,
  lists: readonly RevocationList[],
): boolean {
  const issuerKey = issuer.subjectKeyIdentifier;
  if (issuerKey === undefined) return false;
  return lists.some(
    (list) =>
      list.authorityKeyIdentifier !== undefined &&
      Buffer.compare(list.authorityKeyIdentifier, issuerKey) === 0 &&
      list.serialNumbers.has(certificate.serialNumber) &&
      list.isSignedBy(issuer),
  );
}
