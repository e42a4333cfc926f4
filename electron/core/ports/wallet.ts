import type { Authority, IdentityDetail, ImportPreview } from '../../api/identity-models';
import type { Identity } from '../../api/models';

export interface NewIdentity {
  readonly organization: string;
  readonly name: string;
  readonly role: 'client' | 'admin';
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ImportedIdentity {
  /** By name or MSP id; undefined: the one whose CA issued the certificate. */
  readonly organization: string | undefined;
  /** Undefined: the common name of the certificate up to its `@`. */
  readonly name: string | undefined;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Identities that were added to those of the network. Their keys never leave it. Throws ProblemError. */
export interface Wallet {
  /** Everything known of one identity but its key. */
  show(identity: string): Promise<IdentityDetail>;
  /** What an import of the same would find; nothing is kept. */
  check(identity: ImportedIdentity): Promise<ImportPreview>;
  /** The CAs of all organizations, with what each can issue here. */
  authorities(): Promise<Authority[]>;
  import(identity: ImportedIdentity): Promise<Identity>;
  issue(identity: NewIdentity): Promise<Identity>;
  certificate(identity: string): Promise<string>;
  /** Throws BAD_REQUEST for an identity of the network itself. */
  remove(identity: string): Promise<void>;
}

/** A secret at rest. */
export interface Sealed {
  readonly sealed: string;
  readonly context: string;
}

/** Encrypts what is at rest; the desktop shell may bring the operating system's keychain. */
export interface KeyProtector {
  /** Where its key lies. */
  readonly place: string;
  /** @param context what the secret belongs to; opening it under another context fails */
  seal(secret: Uint8Array, context: string): Promise<string>;
  /** Throws where it was sealed by another key, under another context, or changed since. */
  open(sealed: string, context: string): Promise<Uint8Array>;
  /** Throws KEY_UNUSABLE where the key, as it lies on disk now, opens none of them. */
  verify(secrets: readonly Sealed[]): Promise<void>;
}
