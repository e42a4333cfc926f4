import { createPrivateKey, createPublicKey, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { encodePem, sanitizeCertificate } from './certificate-pem';
import { curveOf, toLowS } from './low-s';
import { serializeIdentity } from './serialized-identity';

export { isLowS, toLowS } from './low-s';
export { serializeIdentity } from './serialized-identity';

/** An identity that can sign for Fabric. */
export interface Signer {
  readonly mspId: string;
  /** PEM as a genuine node serializes it: 64 characters a line, low-S signature of the CA. */
  readonly certificatePem: string;
  /** Serialized `msp.SerializedIdentity`: the same bytes every time. */
  readonly creator: Uint8Array;
  /** DER ECDSA signature over SHA-256 of `message`, with low S. */
  sign(message: Uint8Array): Uint8Array;
}

export interface SignerMaterial {
  readonly mspId: string;
  readonly certificatePem: string;
  /** PKCS#8 or SEC 1 PEM of an elliptic-curve key. */
  readonly privateKeyPem: string;
}

/**
 * A signer from PEM material. The certificate is brought into the form genuine nodes serialize (msp/identities.go
 * Serialize), so that the creator's bytes equal theirs. Throws when the key is not an elliptic-curve key of a curve
 * Fabric knows, or does not belong to the certificate.
 */
export function createSigner(material: SignerMaterial): Signer {
  const parsed = new X509Certificate(material.certificatePem);
  const certificatePem = encodePem(sanitizeCertificate(parsed.raw));
  const key = createPrivateKey(material.privateKeyPem);
  const curve = curveOf(key);
  if (curve === undefined) {
    throw new Error(`the private key of ${subject(parsed)} is not an ECDSA key of a curve Fabric accepts`);
  }
  if (!belongsTo(key, parsed)) {
    throw new Error(`the private key does not belong to the certificate of ${subject(parsed)}`);
  }
  return {
    mspId: material.mspId,
    certificatePem,
    creator: serializeIdentity(material.mspId, certificatePem),
    sign: (message) => toLowS(sign('sha256', message, key), curve),
  };
}

/**
 * The signer of an MSP folder laid out as cryptogen does: `signcerts/*` and the key in `keystore/*` that belongs to
 * it. Throws, naming the folder, when either is missing.
 */
export async function loadSigner(mspId: string, mspFolder: string): Promise<Signer> {
  const [certificatePem] = await readFolder(path.join(mspFolder, 'signcerts'));
  if (certificatePem === undefined) {
    throw new Error(`no signing certificate in ${path.join(mspFolder, 'signcerts')}`);
  }
  const certificate = new X509Certificate(certificatePem);
  for (const privateKeyPem of await readFolder(path.join(mspFolder, 'keystore'))) {
    if (privateKeyPem.includes('PRIVATE KEY') && belongsTo(createPrivateKey(privateKeyPem), certificate)) {
      return createSigner({ mspId, certificatePem, privateKeyPem });
    }
  }
  throw new Error(
    `no private key in ${path.join(mspFolder, 'keystore')} belongs to the certificate of ${subject(certificate)}`,
  );
}

function belongsTo(key: KeyObject, certificate: X509Certificate): boolean {
  return createPublicKey(key).equals(certificate.publicKey);
}

function subject(certificate: X509Certificate): string {
  return certificate.subject.split('\n').join(', ');
}

async function readFolder(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  return Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
}
