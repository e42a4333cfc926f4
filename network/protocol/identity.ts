import { verify, type X509Certificate } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import { certificatePem, subjectText, type Certificate } from './certificate';
import { sha256 } from './hash';
import { isLowS } from './low-s';
import type { Msp } from './msp';
import { MspError } from './msp-error';
import { parsePrincipal, type MspRole, type Principal } from './principal';
import { serializeIdentity } from './serialized-identity';

export { identityMspId } from './serialized-identity';

/** A member of an MSP, known by its certificate. Immutable; the outcome of validation is remembered. */
export class Identity {
  readonly mspId: string;
  /** The certificate as the MSP sees it: with a low-S signature. */
  readonly parsed: Certificate;
  /** Hex SHA-256 of the certificate: the same certificate in another PEM layout is the same identity. */
  readonly id: string;
  readonly #msp: Msp;
  #outcome: { readonly error: MspError | undefined } | undefined;

  constructor(owner: Msp, certificate: Certificate) {
    this.#msp = owner;
    this.mspId = owner.mspId;
    this.parsed = certificate;
    this.id = sha256(certificate.raw).toString('hex');
  }

  get certificate(): X509Certificate {
    return this.parsed.x509;
  }

  get certificatePem(): string {
    return certificatePem(this.parsed);
  }

  get raw(): Uint8Array {
    return this.parsed.raw;
  }

  /** When the certificate ends. Fabric checks it where a client connects, never for what is in a block. */
  get expiresAt(): Date {
    return this.parsed.notAfter;
  }

  /** `MSPID.role`, as messages name the identity. */
  get principalName(): string {
    return `${this.mspId}.${this.#msp.roleOf(this.parsed)}`;
  }

  /** Serialized `msp.SerializedIdentity`, as a genuine node writes it. */
  serialize(): Uint8Array {
    return serializeIdentity(this.mspId, this.certificatePem);
  }

  /** Whether this identity made the signature (DER ECDSA over SHA-256). A high S is refused, as by bccsp/sw. */
  verify(message: Uint8Array, signature: Uint8Array): boolean {
    const { curve, x509 } = this.parsed;
    if (curve === undefined || !isLowS(signature, curve)) return false;
    return verify('sha256', message, x509.publicKey, signature);
  }

  /**
   * Checks chain, revocation and organizational units. Expiry counts only when `at` is given: an expired certificate
   * in an old block is no failure. Throws MspError.
   */
  validate(at?: Date): void {
    const error = this.#validationError();
    if (error !== undefined) throw error;
    if (at !== undefined && at > this.expiresAt) {
      throw new MspError(
        `the identity ${subjectText(this.parsed)} of ${this.mspId} expired at ${this.expiresAt.toISOString()}`,
      );
    }
  }

  #validationError(): MspError | undefined {
    this.#outcome ??= { error: this.#validate() };
    return this.#outcome.error;
  }

  #validate(): MspError | undefined {
    try {
      this.#msp.validateCertificate(this.parsed);
      return undefined;
    } catch (error) {
      return error instanceof MspError ? error : new MspError(String(error), { cause: error });
    }
  }

  satisfies(principal: msp.MSPPrincipal | Principal): boolean {
    try {
      return this.#refusal(principal) === undefined;
    } catch (error) {
      if (error instanceof MspError) return false;
      throw error;
    }
  }

  /** Throws MspError, saying why, when this identity is not covered by the principal. */
  checkPrincipal(principal: msp.MSPPrincipal | Principal): void {
    const refusal = this.#refusal(principal);
    if (refusal !== undefined) throw new MspError(refusal);
  }

  /** Why this identity is not covered, in words: being none of many principals is everyday, no error. May throw MspError. */
  #refusal(source: msp.MSPPrincipal | Principal): string | undefined {
    const principal = source instanceof msp.MSPPrincipal ? parsePrincipal(source) : source;
    switch (principal.kind) {
      case 'role':
        return this.#mspRefusal(principal.mspId) ?? this.#roleRefusal(principal.role);
      case 'unit':
        return (
          this.#mspRefusal(principal.mspId) ??
          this.#validationError()?.message ??
          this.#unitRefusal(principal.unit, principal.certifiers)
        );
      case 'identity': {
        const other = this.#msp.deserializeIdentity(principal.identity);
        return other.id === this.id ? other.#validationError()?.message : 'The identities do not match';
      }
      case 'nominal':
        return undefined;
      case 'anonymous':
        return 'Principal is anonymous, but X.509 MSP does not support anonymous identities';
      case 'combined':
        for (const part of principal.principals) {
          const refusal = this.#refusal(part);
          if (refusal !== undefined) return refusal;
        }
        return undefined;
      case 'unknown':
        return principal.problem;
    }
  }

  #mspRefusal(mspId: string): string | undefined {
    return mspId === this.mspId
      ? undefined
      : `the identity is a member of a different MSP (expected ${mspId}, got ${this.mspId})`;
  }

  #roleRefusal(role: MspRole): string | undefined {
    if (role === 'admin' && this.#msp.isDeclaredAdmin(this.parsed)) return undefined;
    const invalid = this.#validationError();
    if (invalid !== undefined) {
      return role === 'member'
        ? invalid.message
        : `The identity is not valid under this MSP [${this.mspId}]: ${invalid.message}`;
    }
    if (role === 'member' || this.#msp.hasNodeUnit(this.parsed, role)) return undefined;
    return `The identity is not ${role === 'admin' ? 'an admin' : `a [${role.toUpperCase()}]`} under this MSP [${this.mspId}]: ${
      this.#msp.enforcesNodeUnits
        ? `The identity does not contain OU [${role.toUpperCase()}], MSP: [${this.mspId}]`
        : 'NodeOUs not activated. Cannot tell apart identities.'
    }`;
  }

  #unitRefusal(unit: string, certifiers: Uint8Array): string | undefined {
    const path = this.#msp.certifiersOf(this.parsed);
    return this.parsed.organizationalUnits.includes(unit) && Buffer.compare(path, certifiers) === 0
      ? undefined
      : 'The identities do not match';
  }
}
