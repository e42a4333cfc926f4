import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { certificateAttributes, type Attributes } from './attributes';
import { MaterialError } from './material-error';

/** What a certificate on disk must be to be used again. */
export interface CertificateExpectation {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly authority: { readonly name: string; readonly certificate: X509Certificate };
  readonly commonName: string;
  readonly organizationalUnit?: string;
  /** DNS names and IP addresses a TLS certificate must be valid for. */
  readonly hosts?: readonly string[];
  readonly attributes?: Attributes;
  /** What the user can do when it isn't so. */
  readonly hint: string;
}

/** Reads a PEM certificate. @throws MaterialError `unreadable` */
export async function readCertificate(
  file: string,
  hint: string,
): Promise<{ pem: string; certificate: X509Certificate }> {
  try {
    const pem = await readFile(file, 'utf8');
    return { pem, certificate: new X509Certificate(pem) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MaterialError('unreadable', file, `no readable certificate (${reason})`, hint, {
      cause: error,
    });
  }
}

/** @throws MaterialError `expired` outside the certificate's validity */
export function checkValidity(certificate: X509Certificate, file: string, hint: string, now: Date): void {
  if (now > new Date(certificate.validTo)) {
    throw new MaterialError('expired', file, `the certificate expired on ${certificate.validTo}`, hint);
  }
  if (now < new Date(certificate.validFrom)) {
    const detail = `the certificate is valid from ${certificate.validFrom} only (is this machine's clock right?)`;
    throw new MaterialError('expired', file, detail, hint);
  }
}

/** Checks a certificate on disk and that its key belongs to it. @throws MaterialError */
export async function checkCertificate(expected: CertificateExpectation, now: Date): Promise<void> {
  const { certificateFile, authority, hint } = expected;
  const { pem, certificate } = await readCertificate(certificateFile, hint);
  if (!certificate.verify(authority.certificate.publicKey)) {
    throw new MaterialError(
      'foreign',
      certificateFile,
      `not signed by this network's ${authority.name}`,
      hint,
    );
  }
  checkValidity(certificate, certificateFile, hint, now);
  const mismatch = (detail: string): never => {
    throw new MaterialError('mismatch', certificateFile, detail, hint);
  };
  const subject = new Map(certificate.subject.split('\n').map((part) => splitOnce(part)));
  if (subject.get('CN') !== expected.commonName) {
    mismatch(`issued for ${subject.get('CN') ?? 'nobody'}, not for ${expected.commonName}`);
  }
  if (expected.organizationalUnit !== undefined && subject.get('OU') !== expected.organizationalUnit) {
    mismatch(`issued with the role ${subject.get('OU') ?? 'none'}, not ${expected.organizationalUnit}`);
  }
  for (const host of expected.hosts ?? []) {
    if ((certificate.checkHost(host) ?? certificate.checkIP(host)) === undefined)
      mismatch(`not valid for ${host}`);
  }
  if (
    expected.attributes !== undefined &&
    !isDeepStrictEqual(certificateAttributes(pem), { ...expected.attributes })
  ) {
    mismatch('issued with other attributes than the topology says');
  }
  await checkKey(certificate, expected);
}

async function checkKey(
  certificate: X509Certificate,
  { keyFile, hint }: CertificateExpectation,
): Promise<void> {
  let belongs: boolean;
  try {
    belongs = certificate.checkPrivateKey(createPrivateKey(await readFile(keyFile, 'utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MaterialError('unreadable', keyFile, `no readable private key (${reason})`, hint, {
      cause: error,
    });
  }
  if (!belongs)
    throw new MaterialError('mismatch', keyFile, 'not the key of the certificate beside it', hint);
}

function splitOnce(part: string): [string, string] {
  const at = part.indexOf('=');
  return [part.slice(0, at), part.slice(at + 1)];
}
