import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { webcrypto } from 'node:crypto';
import { decodePem } from '../protocol/certificate-pem';
import type { Attributes } from './attributes';
import type * as certificates from './certificate';
import type { Subject, Validity } from './certificate';
import { checkValidity, readCertificate } from './certificate-check';
import { exists, writeFolder } from './folder';
import { MaterialError } from './material-error';
import type { AuthorityPaths } from './paths';

type Issuing = typeof certificates;
type CertificateExtensions = Parameters<Issuing['createCertificate']>[0]['extensions'];

/** Loaded on first use: the X.509 library takes a tenth of a second, and a network that exists issues nothing. */
function issuing(): Promise<Issuing> {
  return import('./certificate');
}

/** Ten years, as cryptogen's. */
const LIFETIME_MS = 3650 * 24 * 60 * 60 * 1000;
/** Certificates are dated back, so that machines whose clocks differ a little accept them at once. */
const BACKDATE_MS = 5 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/** The roles NodeOUs tell apart, by the organizational unit in the certificate. */
export type NodeOu = 'client' | 'peer' | 'admin' | 'orderer';

export interface IssuedCertificate {
  readonly certificatePem: string;
  /** PKCS#8 PEM. */
  readonly privateKeyPem: string;
}

export interface IdentityRequest {
  /** Common name of the certificate. */
  readonly commonName: string;
  readonly role: NodeOu;
  /** Fabric attributes; without them the certificate has no attribute extension. */
  readonly attributes?: Attributes;
}

/** A CA (or TLS CA) of an organization, with its key on disk. */
export class CertificateAuthority {
  private key: Promise<webcrypto.CryptoKey> | undefined;

  private constructor(
    readonly name: string,
    readonly certificatePem: string,
    readonly certificate: X509Certificate,
    private readonly keyFile: string,
  ) {}

  /**
   * Opens the CA in a folder; its key is read only once something is issued.
   * @throws MaterialError when its certificate is unreadable, expired or no CA's
   */
  static async open(paths: AuthorityPaths, now = new Date()): Promise<CertificateAuthority> {
    const hint = 'Put the CA back from a backup, or purge the network to start a new one.';
    const { pem, certificate } = await readCertificate(paths.certificate, hint);
    checkValidity(certificate, paths.certificate, hint, now);
    if (!certificate.ca || !certificate.verify(certificate.publicKey)) {
      throw new MaterialError('foreign', paths.certificate, 'not the certificate of a root CA', hint);
    }
    return new CertificateAuthority(paths.name, pem, certificate, paths.key);
  }

  /** Creates a CA in its folder, which must not exist. `organization` stands in its subject. */
  static async create(
    paths: AuthorityPaths,
    organization: string,
    now = new Date(),
  ): Promise<CertificateAuthority> {
    const { authorityExtensions, createCertificate, generateKeyPair } = await issuing();
    const keys = await generateKeyPair();
    const certificatePem = await createCertificate({
      subject: { commonName: paths.name, organization },
      publicKey: keys.publicKey,
      issuer: { privateKey: keys.privateKey },
      validity: validityFrom(now),
      extensions: authorityExtensions(),
    });
    await writeFolder(paths.folder, [
      { path: path.basename(paths.key), content: keys.privateKeyPem },
      { path: path.basename(paths.certificate), content: certificatePem },
    ]);
    const authority = new CertificateAuthority(
      paths.name,
      certificatePem,
      new X509Certificate(certificatePem),
      paths.key,
    );
    authority.key = Promise.resolve(keys.privateKey);
    return authority;
  }

  /** Opens the CA, or creates it where its folder is absent. */
  static async openOrCreate(
    paths: AuthorityPaths,
    organization: string,
    now = new Date(),
  ): Promise<CertificateAuthority> {
    return (await exists(paths.folder)) ? this.open(paths, now) : this.create(paths, organization, now);
  }

  /** Makes sure that something can be issued. @throws MaterialError when the CA's key is unusable */
  async requireKey(): Promise<void> {
    await this.signingKey();
  }

  /** When what is issued `now` expires. */
  expiryOfIssued(now = new Date()): Date {
    return validityFrom(now, new Date(this.certificate.validTo)).notAfter;
  }

  /** Issues an identity of the MSP with a key of its own. @throws MaterialError when the CA's key is unusable */
  async issueIdentity(request: IdentityRequest, now = new Date()): Promise<IssuedCertificate> {
    const { identityExtensions } = await issuing();
    const subject = { commonName: request.commonName, organizationalUnit: request.role };
    return this.issue(subject, identityExtensions(request.attributes), now);
  }

  /** Issues a TLS certificate (server and client side) valid for `hosts`. @throws MaterialError as above */
  async issueTls(commonName: string, hosts: readonly string[], now = new Date()): Promise<IssuedCertificate> {
    const { tlsExtensions } = await issuing();
    return this.issue({ commonName }, tlsExtensions(hosts), now);
  }

  private async issue(
    subject: Subject,
    extensions: CertificateExtensions,
    now: Date,
  ): Promise<IssuedCertificate> {
    const { createCertificate, generateKeyPair } = await issuing();
    const [keys, privateKey] = await Promise.all([generateKeyPair(), this.signingKey()]);
    const certificatePem = await createCertificate({
      subject,
      publicKey: keys.publicKey,
      issuer: { privateKey, certificatePem: this.certificatePem },
      validity: validityFrom(now, new Date(this.certificate.validTo)),
      extensions,
    });
    return { certificatePem, privateKeyPem: keys.privateKeyPem };
  }

  private signingKey(): Promise<webcrypto.CryptoKey> {
    this.key ??= this.readKey();
    return this.key;
  }

  private async readKey(): Promise<webcrypto.CryptoKey> {
    const hint = `Nothing new can be issued without the key of ${this.name}: put it back from a backup.`;
    let der: Uint8Array;
    try {
      const pem = await readFile(this.keyFile, 'utf8');
      if (!this.certificate.checkPrivateKey(createPrivateKey(pem))) {
        throw new MaterialError('mismatch', this.keyFile, `not the key of ${this.name}'s certificate`, hint);
      }
      der = decodePem(pem)?.der ?? new Uint8Array();
    } catch (error) {
      if (error instanceof MaterialError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new MaterialError('unreadable', this.keyFile, reason, hint, { cause: error });
    }
    const { importSigningKey } = await issuing();
    return importSigningKey(der);
  }
}

/** Ten years from now, dated back; never beyond `limit`, the end of the CA. */
function validityFrom(now: Date, limit?: Date): Validity {
  const notBefore = new Date(Math.floor((now.getTime() - BACKDATE_MS) / MINUTE_MS) * MINUTE_MS);
  const end = notBefore.getTime() + LIFETIME_MS;
  return { notBefore, notAfter: new Date(limit === undefined ? end : Math.min(end, limit.getTime())) };
}
