import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Msp, type Identity } from '../../../protocol/msp';
import { loadSigner, type Signer } from '../../../protocol/signing';
import type { PeerConfiguration } from '../configuration';
import { messageOf } from '../../../protocol/cause';
import type { TlsIdentity } from './connections';

/** Something of the peer's own keys or certificates is missing or wrong; the message says what and where. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
}

export interface LocalIdentity {
  readonly signer: Signer;
  readonly msp: Msp;
}

/**
 * Loads the peer's MSP folder and makes sure its certificate can be used: issued by one of the folder's authorities
 * and in force. Throws IdentityError.
 */
export async function loadLocalIdentity({ mspId, mspFolder }: PeerConfiguration): Promise<LocalIdentity> {
  const named = `CORE_PEER_MSPCONFIGPATH=${mspFolder}`;
  const folder = await stat(mspFolder).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new IdentityError(
      `${named}: there is no such folder. It has to be the peer's local MSP, with cacerts, signcerts and keystore`,
    );
  }
  let loaded: LocalIdentity;
  try {
    loaded = { signer: await loadSigner(mspId, mspFolder), msp: await Msp.load(mspId, mspFolder) };
  } catch (cause) {
    throw new IdentityError(`${named}: ${messageOf(cause)}`, { cause });
  }
  let identity: Identity;
  try {
    identity = loaded.msp.deserializeIdentity(loaded.signer.creator);
    identity.validate();
  } catch (cause) {
    throw new IdentityError(
      `${named}: the certificate in signcerts is not valid under the authorities in cacerts: ${messageOf(cause)}. ` +
        'The folder mixes the material of different CAs; issue the certificate again or restore the folder',
      { cause },
    );
  }
  assertInForce(identity.certificate, `${named}: the certificate in signcerts`);
  return loaded;
}

/** Reads the server certificate and its key. Throws IdentityError when they can't serve. */
export async function loadTlsIdentity(
  tls: NonNullable<PeerConfiguration['tls']>,
): Promise<TlsIdentity & { readonly clientRootCas: readonly Buffer[] }> {
  const certificatePem = await read('CORE_PEER_TLS_CERT_FILE', tls.certFile);
  const privateKeyPem = await read('CORE_PEER_TLS_KEY_FILE', tls.keyFile);
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(certificatePem);
  } catch (cause) {
    throw new IdentityError(`CORE_PEER_TLS_CERT_FILE=${tls.certFile}: no certificate: ${messageOf(cause)}`, {
      cause,
    });
  }
  let belongs: boolean;
  try {
    belongs = certificate.checkPrivateKey(createPrivateKey(privateKeyPem));
  } catch (cause) {
    throw new IdentityError(`CORE_PEER_TLS_KEY_FILE=${tls.keyFile}: no private key: ${messageOf(cause)}`, {
      cause,
    });
  }
  if (!belongs) {
    throw new IdentityError(
      `CORE_PEER_TLS_KEY_FILE=${tls.keyFile}: this key does not belong to the certificate ${tls.certFile}`,
    );
  }
  assertInForce(certificate, `CORE_PEER_TLS_CERT_FILE=${tls.certFile}: the certificate`);
  const clientRootCas = await Promise.all(
    tls.clientRootFiles.map((file) => read('CORE_PEER_TLS_CLIENTROOTCAS_FILES', file)),
  );
  return { certificatePem, privateKeyPem, clientRootCas };
}

function assertInForce(certificate: X509Certificate, what: string): void {
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  const now = new Date();
  if (now > to) throw new IdentityError(`${what} expired at ${to.toISOString()}: renew it`);
  if (now < from) {
    throw new IdentityError(`${what} is valid from ${from.toISOString()} only: check this machine's clock`);
  }
}

async function read(variable: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new IdentityError(`${variable}=${file}: ${messageOf(cause)}`, { cause });
  }
}
