import type { DoctorCheck } from '../../api/connect-models';
import type { TlsFinding } from './tls-probe';

type Check = DoctorCheck['check'];

export const ok = (check: Check, said: string): DoctorCheck => ({ check, outcome: 'ok', said, hint: '' });
export const skipped = (check: Check, said: string): DoctorCheck => ({
  check,
  outcome: 'skipped',
  said,
  hint: '',
});
export const warning = (check: Check, said: string, hint: string): DoctorCheck => ({
  check,
  outcome: 'warning',
  said,
  hint,
});
export const failed = (check: Check, said: string, hint: string): DoctorCheck => ({
  check,
  outcome: 'failed',
  said,
  hint,
});

export const unreadable = (check: Check): DoctorCheck =>
  skipped(check, 'The network has no certificates yet: its first start makes them.');

const SOON_DAYS = 30;
const DAY_MS = 86_400_000;
const RENEW = 'Issue it anew from the organization’s CA, put it in its folder and start the node again.';

/** Why OpenSSL does not trust a chain, in words; the code itself where there are none. */
const distrusts = new Map<string, string>([
  ['CERT_HAS_EXPIRED', 'a certificate of the chain has expired'],
  ['CERT_NOT_YET_VALID', 'a certificate of the chain is not valid yet (is this machine’s clock right?)'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'it was not issued by the TLS CA this console knows'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'it was not issued by the TLS CA this console knows'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'it was issued by another TLS CA than the one this console knows'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it vouches for itself; no TLS CA issued it'],
  ['CERT_SIGNATURE_FAILURE', 'its signature is not the TLS CA’s'],
]);

/** Whether the TLS CA of the node's organization vouches for what the node shows. */
export function chainFinding({ distrust, protocol }: TlsFinding): DoctorCheck {
  if (distrust === undefined) return ok('tls', `Its organization’s TLS CA vouches for it (${protocol}).`);
  return failed(
    'tls',
    `Its certificate is not trusted: ${distrusts.get(distrust) ?? distrust}.`,
    distrust === 'CERT_NOT_YET_VALID' ? 'Set this machine’s clock, then examine it again.' : RENEW,
  );
}

/** Whether the certificate is valid for the host the node is reached by, and for how long. */
export function certificateFinding(
  { names, expires }: { readonly names: string; readonly expires: Date },
  host: string,
  isForHost: boolean,
  now = new Date(),
): DoctorCheck {
  if (!isForHost) {
    return failed(
      'certificate',
      `Its certificate is not valid for ${host}: it names ${names || 'no host'}.`,
      `Issue one that names ${host}, or reach the node by a name it has.`,
    );
  }
  const until = expires.toISOString().slice(0, 10);
  const days = Math.floor((expires.getTime() - now.getTime()) / DAY_MS);
  if (days < 0) return failed('certificate', `Its certificate expired on ${until}.`, RENEW);
  if (days < SOON_DAYS) {
    return warning('certificate', `Its certificate expires on ${until}, in ${days} days.`, RENEW);
  }
  return ok('certificate', `It names ${host}, and is valid until ${until}.`);
}
