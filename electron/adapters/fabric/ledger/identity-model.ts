import type { IdentityDescription } from '../../../../network/protocol/inspection/identity-description';
import type { LedgerIdentity } from '../../../api/ledger-models';
import { hex } from './contents';

export function identityModel({ mspId, role, certificate, problem }: IdentityDescription): LedgerIdentity {
  return {
    mspId,
    role: role ?? null,
    commonName: certificate?.commonName ?? null,
    subject: certificate?.subject ?? null,
    issuer: certificate?.issuer ?? null,
    serialNumber: certificate?.serialNumber ?? null,
    notBefore: certificate?.notBefore.toISOString() ?? null,
    notAfter: certificate?.notAfter.toISOString() ?? null,
    pem: certificate?.pem ?? null,
    problem: problem ?? null,
  };
}

interface Signed {
  readonly signer: IdentityDescription;
  readonly nonce: Uint8Array;
  readonly signature: Uint8Array;
}

/** A signature with who made it. */
export const signedModel = ({ signer, nonce, signature }: Signed) => ({
  signer: identityModel(signer),
  nonce: hex(nonce),
  signature: hex(signature),
});
