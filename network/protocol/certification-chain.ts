import { ExtensionId, type Certificate } from './certificate';

/** Why a certificate is not accepted, in the words of Go's crypto/x509 where it has some. */
export class ChainError extends Error {
  override readonly name = 'ChainError';
}

export interface TrustAnchors {
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_USAGE = '2.5.29.37.0';
const SHA1_SIGNATURES = new Set(['1.2.840.10045.4.1', '1.2.840.113549.1.1.5']);
/** Extensions Go's crypto/x509 knows: any other one marked critical makes a certificate invalid. */
const HANDLED_EXTENSIONS = /^(2\.5\.29\.(14|15|17|19|30|31|32|35|37)|1\.3\.6\.1\.5\.5\.7\.1\.1)$/;

/**
 * The one chain from a certificate up to a root: [certificate, …intermediates, root]; just the certificate when it is
 * itself a root. Times are checked against the certificate's own NotBefore + 1 s, so that old blocks stay valid
 * (msp getValidityOptsForCert, FAB-3678). Follows Go's x509 Certificate.Verify as msp/mspimpl.go
 * getUniqueValidationChain calls it; throws ChainError when no or more than one chain exists.
 */
export function certificationChain(leaf: Certificate, anchors: TrustAnchors): Certificate[] {
  const now = new Date(leaf.notBefore.getTime() + 1000);
  const unhandled = leaf.criticalExtensions.find((id) => !HANDLED_EXTENSIONS.test(id));
  if (unhandled !== undefined) {
    throw new ChainError('the supplied identity is not valid: x509: unhandled critical extension');
  }
  checkTime(leaf, now);
  const reasons: string[] = [];
  const chains = findChains([leaf], anchors, now, reasons);
  const [chain] = chains;
  if (chain === undefined) {
    const hint = reasons[0] === undefined ? '' : ` (possibly because of "${reasons[0]}")`;
    throw new ChainError(
      `the supplied identity is not valid: x509: certificate signed by unknown authority${hint}`,
    );
  }
  if (chains.length !== 1) {
    throw new ChainError(`this MSP only supports a single validation chain, got ${chains.length}`);
  }
  checkNameConstraints(chain);
  return chain;
}

/** Whether `issuer` signed `certificate` and was allowed to (Go's CheckSignatureFrom). */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  return signatureProblem(certificate, issuer) === undefined;
}

function findChains(
  path: readonly [Certificate, ...Certificate[]],
  anchors: TrustAnchors,
  now: Date,
  reasons: string[],
): Certificate[][] {
  const child = path[path.length - 1] ?? path[0];
  if (path.length === 1 && anchors.roots.some((root) => same(root, child))) return complete(path);
  const parents = (candidates: readonly Certificate[]): Certificate[] =>
    candidates.filter(
      (candidate) =>
        !path.some((known) => same(known, candidate)) &&
        Buffer.compare(candidate.subject, child.issuer) === 0 &&
        authorityProblem(candidate, child, path.length - 1, now, reasons) === undefined,
    );
  return [
    ...parents(anchors.roots).flatMap((root) => complete([...path, root])),
    ...parents(anchors.intermediates).flatMap((parent) =>
      findChains([...path, parent], anchors, now, reasons),
    ),
  ];
}

function complete(chain: readonly Certificate[]): Certificate[][] {
  return allowsServerAuth(chain) ? [[...chain]] : [];
}

function authorityProblem(
  parent: Certificate,
  child: Certificate,
  authoritiesBelow: number,
  now: Date,
  reasons: string[],
): string | undefined {
  const problem =
    signatureProblem(child, parent) ?? timeProblem(parent, now) ?? pathProblem(parent, authoritiesBelow);
  if (problem !== undefined) reasons.push(problem);
  return problem;
}

function signatureProblem(child: Certificate, parent: Certificate): string | undefined {
  if (!parent.isCa || parent.mayCertify === false) {
    return 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
  }
  if (SHA1_SIGNATURES.has(child.signatureAlgorithm))
    return 'x509: cannot verify signature: insecure algorithm';
  return child.x509.verify(parent.x509.publicKey) ? undefined : 'x509: ECDSA verification failure';
}

function pathProblem(parent: Certificate, authoritiesBelow: number): string | undefined {
  return parent.maxPathLength !== undefined && authoritiesBelow > parent.maxPathLength
    ? 'x509: too many intermediates for path length constraint'
    : undefined;
}

function checkTime(certificate: Certificate, now: Date): void {
  const problem = timeProblem(certificate, now);
  if (problem !== undefined) throw new ChainError(`the supplied identity is not valid: ${problem}`);
}

function timeProblem(certificate: Certificate, now: Date): string | undefined {
  const { notBefore, notAfter } = certificate;
  if (now < notBefore) {
    return `x509: certificate has expired or is not yet valid: current time ${goTime(now)} is before ${goTime(notBefore)}`;
  }
  if (now > notAfter) {
    return `x509: certificate has expired or is not yet valid: current time ${goTime(now)} is after ${goTime(notAfter)}`;
  }
  return undefined;
}

/** RFC 3339 without fractions, as Go prints certificate times. */
function goTime(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '');
}

/** An MSP asks Go for no particular usage, which Go takes as server authentication. */
function allowsServerAuth(chain: readonly Certificate[]): boolean {
  return chain.every(
    ({ extendedKeyUsages }) =>
      extendedKeyUsages.length === 0 ||
      extendedKeyUsages.includes(SERVER_AUTH) ||
      extendedKeyUsages.includes(ANY_USAGE),
  );
}

/** Name constraints are refused rather than half checked: no tool of Fabric writes them. */
function checkNameConstraints(chain: readonly Certificate[]): void {
  const constrained = chain.slice(1).find(({ extensions }) => extensions.has(ExtensionId.nameConstraints));
  if (constrained !== undefined) {
    throw new ChainError(
      `the supplied identity is not valid: the authority ${constrained.commonName} carries name constraints, which are not supported`,
    );
  }
}

function same(one: Certificate, other: Certificate): boolean {
  return Buffer.compare(one.raw, other.raw) === 0;
}
