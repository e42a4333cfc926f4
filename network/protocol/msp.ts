import { msp } from '@hyperledger/fabric-protos';
import { parseCertificatePem, sanitized, subjectText, type Certificate } from './certificate';
import { certificationChain, isIssuedBy, type TrustAnchors } from './certification-chain';
import { sha256 } from './hash';
import { Identity } from './identity';
import { LruMap } from './lru';
import { mspConfigFromFolder } from './msp-folder';
import { mspFailure, MspError } from './msp-error';
import type { MspRole } from './principal';
import { isRevoked, parseRevocationList, type RevocationList } from './revocation';
import { decodeMessage } from './wire';

export { Identity } from './identity';
export { MspError } from './msp-error';

/** Where identities of one or several MSPs are recognized. */
export interface IdentityDeserializer {
  /** Reads a serialized `msp.SerializedIdentity`. Throws MspError; the identity is not validated yet. */
  deserializeIdentity(bytes: Uint8Array): Identity;
}

/** Fabric keeps 100 a MSP (msp/cache); a proposal needs one, a block a handful. */
const CACHED_IDENTITIES = 256;

interface OrganizationalUnit {
  readonly name: string;
  /** Hash of the certification path that must have issued it; undefined: any path of the MSP. */
  readonly certifiers: Buffer | undefined;
}

type NodeUnitRole = Exclude<MspRole, 'member'>;

/**
 * A membership service provider of type Fabric (X.509), with the rules of MSP version 1.4.3, which Fabric uses for
 * channel capability V1_4_3 and V2_0 and for every local MSP (msp/mspimpl.go, mspimplsetup.go, mspimplvalidate.go).
 */
export class Msp implements IdentityDeserializer {
  readonly mspId: string;
  /** PEM of the TLS authorities, roots first. */
  readonly tlsAuthoritiesPem: readonly string[];
  readonly #anchors: TrustAnchors;
  readonly #revocationLists: readonly RevocationList[];
  /** Authorities that have authorities below them: they may not issue identities. */
  readonly #innerAuthorities: ReadonlySet<string>;
  readonly #units: ReadonlyMap<string, readonly Buffer[]>;
  readonly #nodeUnits: ReadonlyMap<NodeUnitRole, OrganizationalUnit>;
  readonly #enforcesNodeUnits: boolean;
  readonly #admins: readonly Identity[];
  readonly #cache = new LruMap<string, Identity>(CACHED_IDENTITIES);

  /** Throws MspError when the configuration is not one Fabric accepts. */
  constructor(config: msp.MSPConfig) {
    if (config.getType() !== 0) {
      throw new MspError(`MSP type ${config.getType()} is not supported: only X.509 MSPs (type 0) are`);
    }
    const fabric = decodeMessage(msp.FabricMSPConfig, config.getConfig_asU8(), 'FabricMSPConfig');
    this.mspId = fabric.getName();
    this.#anchors = readAnchors(fabric);
    this.#revocationLists = fabric.getRevocationListList_asU8().map(parseRevocationList);
    this.#innerAuthorities = this.#checkAuthorities();
    this.tlsAuthoritiesPem = [
      ...fabric.getTlsRootCertsList_asU8(),
      ...fabric.getTlsIntermediateCertsList_asU8(),
    ].map((pem) => Buffer.from(pem).toString('utf8'));
    this.#units = this.#readUnits(fabric);
    const nodeUnits = fabric.getFabricNodeOus();
    this.#nodeUnits = this.#readNodeUnits(nodeUnits);
    this.#enforcesNodeUnits = (nodeUnits?.getEnable() ?? false) && this.#nodeUnits.size > 0;
    this.#admins = fabric.getAdminsList_asU8().map((pem) => this.#identityFromPem(pem));
    this.#checkAdmins();
  }

  static fromConfig(config: msp.MSPConfig): Msp {
    return new Msp(config);
  }

  /** Reads an MSP folder as a node does at start (msp/configbuilder.go). Throws with the folder's name. */
  static async load(mspId: string, folder: string): Promise<Msp> {
    return new Msp(await mspConfigFromFolder(mspId, folder));
  }

  /** Certificates of the authorities that may issue identities, roots first. */
  get authorities(): readonly Certificate[] {
    return [...this.#anchors.roots, ...this.#anchors.intermediates];
  }

  /** Whether roles are told apart by organizational units. */
  get enforcesNodeUnits(): boolean {
    return this.#enforcesNodeUnits;
  }

  deserializeIdentity(bytes: Uint8Array): Identity {
    const key = cacheKey(bytes);
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const serialized = decodeSerializedIdentity(bytes);
    if (serialized.getMspid() !== this.mspId) {
      throw new MspError(`expected MSP ID ${this.mspId}, received ${serialized.getMspid()}`);
    }
    const identity = this.#identityFromPem(serialized.getIdBytes_asU8());
    this.#cache.set(key, identity);
    return identity;
  }

  #identityFromPem(pem: Uint8Array): Identity {
    const certificate = mspFailure('parseCertificate failed', () => parseCertificatePem(pem));
    // Fabric brings the issuer's signature to low S before anything else, and needs the chain for that.
    const [, issuer] = mspFailure('', () => certificationChain(certificate, this.#anchors));
    return new Identity(this, issuer === undefined ? certificate : sanitized(certificate, issuer));
  }

  /** Chain of an identity, as Fabric demands it of identities (not of authorities). Throws MspError. */
  chainOf(certificate: Certificate): Certificate[] {
    if (certificate.isCa) {
      throw new MspError(
        'An X509 certificate with Basic Constraint: Certificate Authority equals true cannot be used as an identity',
      );
    }
    const chain = mspFailure('failed getting validation chain', () =>
      certificationChain(certificate, this.#anchors),
    );
    const parent = chain[1];
    if (parent === undefined) {
      throw new MspError(`expected a chain of length at least 2, got ${chain.length}`);
    }
    if (this.#innerAuthorities.has(rawKey(parent))) {
      throw new MspError(
        'invalid validation chain. Parent certificate should be a leaf of the certification tree',
      );
    }
    return chain;
  }

  /** Identifier of the certification path of an identity: SHA-256 over its authorities. Throws MspError. */
  certifiersOf(certificate: Certificate): Buffer {
    return chainIdentifier(this.chainOf(certificate).slice(1));
  }

  /** Checks chain, revocation and units of an identity. Throws MspError. Identity.validate remembers the outcome. */
  validateCertificate(certificate: Certificate): void {
    const chain = mspFailure('could not obtain certification chain', () => this.chainOf(certificate));
    mspFailure('could not validate identity against certification chain', () => {
      this.#checkNotRevoked(certificate, chain);
    });
    mspFailure("could not validate identity's OUs", () => {
      this.#checkUnits(certificate, chain);
    });
  }

  /** Whether the certificate is one of the MSP's admincerts. */
  isDeclaredAdmin(certificate: Certificate): boolean {
    return this.#admins.some((admin) => Buffer.compare(admin.raw, certificate.raw) === 0);
  }

  /** Whether the certificate carries the unit of a role. Never, when NodeOUs are not enabled. */
  hasNodeUnit(certificate: Certificate, role: NodeUnitRole): boolean {
    const unit = this.#enforcesNodeUnits ? this.#nodeUnits.get(role) : undefined;
    return unit !== undefined && certificate.organizationalUnits.includes(unit.name);
  }

  /** Role by which messages name the holder of a certificate: its NodeOU, else admin or member. */
  roleOf(certificate: Certificate): MspRole {
    if (this.isDeclaredAdmin(certificate)) return 'admin';
    const roles: readonly NodeUnitRole[] = ['admin', 'orderer', 'peer', 'client'];
    return roles.find((role) => this.hasNodeUnit(certificate, role)) ?? 'member';
  }

  #checkAuthorities(): Set<string> {
    const inner = new Set<string>();
    for (const authority of this.authorities) {
      const serial = authority.serialNumber.toString(16);
      if (!authority.isCa)
        throw new MspError(`CA Certificate did not have the CA attribute, (SN: ${serial})`);
      if (authority.subjectKeyIdentifier === undefined) {
        throw new MspError(
          `CA Certificate problem with Subject Key Identifier extension, (SN: ${serial}): subjectKeyIdentifier not found in certificate`,
        );
      }
      const chain = mspFailure(`CA Certificate is not valid, (SN: ${authority.serialNumber})`, () =>
        certificationChain(authority, this.#anchors),
      );
      if (chain.length > 1) this.#checkNotRevoked(authority, chain);
      for (const parent of chain.slice(1)) inner.add(rawKey(parent));
    }
    return inner;
  }

  #checkNotRevoked(certificate: Certificate, chain: readonly Certificate[]): void {
    const issuer = chain[1];
    if (issuer !== undefined && isRevoked(certificate, issuer, this.#revocationLists)) {
      throw new MspError('The certificate has been revoked');
    }
  }

  #checkUnits(certificate: Certificate, chain: readonly Certificate[]): void {
    const certifiers = chainIdentifier(chain.slice(1));
    const units = certificate.organizationalUnits;
    if (this.#units.size > 0) {
      const known = units.some((unit) => this.#units.get(unit)?.some((path) => path.equals(certifiers)));
      if (!known) {
        throw new MspError(
          units.length === 0
            ? 'the identity certificate does not contain an Organizational Unit (OU)'
            : `none of the identity's organizational units ${unitList(units)} are in MSP ${this.mspId}`,
        );
      }
    }
    if (!this.#enforcesNodeUnits) return;
    let count = 0;
    for (const name of units) {
      // Two roles may share a unit's name; Fabric keeps the last in the order client, peer, admin, orderer.
      const unit = [...this.#nodeUnits.values()].findLast((candidate) => candidate.name === name);
      if (unit === undefined) continue;
      if (unit.certifiers !== undefined && !unit.certifiers.equals(certifiers)) {
        throw new MspError(`certifiersIdentifier does not match: ${unitList(units)}, MSP: [${this.mspId}]`);
      }
      if (++count > 1) break;
    }
    if (count === 0) {
      throw new MspError(
        `the identity does not have an OU that resolves to client, peer, orderer, or admin role. OUs: ${unitList(units)}, MSP: [${this.mspId}]`,
      );
    }
    if (count > 1) {
      throw new MspError(
        `the identity must have a client, a peer, an orderer, or an admin OU role to be valid, not a combination of them. OUs: ${unitList(units)}, MSP: [${this.mspId}]`,
      );
    }
  }

  #readUnits(config: msp.FabricMSPConfig): Map<string, Buffer[]> {
    const units = new Map<string, Buffer[]>();
    for (const unit of config.getOrganizationalUnitIdentifiersList()) {
      const name = unit.getOrganizationalUnitIdentifier();
      const paths = units.get(name) ?? [];
      paths.push(this.#certifiersIdentifier(unit.getCertificate_asU8()));
      units.set(name, paths);
    }
    return units;
  }

  #readNodeUnits(config: msp.FabricNodeOUs | undefined): Map<NodeUnitRole, OrganizationalUnit> {
    const declared: [NodeUnitRole, msp.FabricOUIdentifier | undefined][] = [
      ['client', config?.getClientOuIdentifier()],
      ['peer', config?.getPeerOuIdentifier()],
      ['admin', config?.getAdminOuIdentifier()],
      ['orderer', config?.getOrdererOuIdentifier()],
    ];
    const units = new Map<NodeUnitRole, OrganizationalUnit>();
    for (const [role, unit] of declared) {
      if (unit === undefined) continue;
      const certificate = unit.getCertificate_asU8();
      units.set(role, {
        name: unit.getOrganizationalUnitIdentifier(),
        certifiers: certificate.length === 0 ? undefined : this.#certifiersIdentifier(certificate),
      });
    }
    return units;
  }

  /** Hash of the certification path of one of this MSP's authorities (msp getCertifiersIdentifier). */
  #certifiersIdentifier(pem: Uint8Array): Buffer {
    const declared = mspFailure('Failed getting certificate', () => parseCertificatePem(pem));
    const clean = mspFailure('', () => sanitizedAuthority(declared, this.#anchors));
    if (this.#anchors.roots.some((root) => rawKey(root) === rawKey(clean))) return chainIdentifier([clean]);
    if (!this.#anchors.intermediates.some((known) => rawKey(known) === rawKey(clean))) {
      throw new MspError(
        `Failed adding OU. Certificate [${subjectText(clean)}] not in root or intermediate certs.`,
      );
    }
    if (this.#innerAuthorities.has(rawKey(clean))) {
      throw new MspError(
        'Failed computing validation chain: invalid validation chain. Parent certificate should be a leaf of the certification tree',
      );
    }
    return chainIdentifier(certificationChain(clean, this.#anchors));
  }

  #checkAdmins(): void {
    if (this.#admins.length === 0 && (!this.#enforcesNodeUnits || !this.#nodeUnits.has('admin'))) {
      throw new MspError('administrators must be declared when no admin ou classification is set');
    }
    for (const [index, admin] of this.#admins.entries()) {
      if (!this.#enforcesNodeUnits) {
        mspFailure(`admin ${index} is invalid`, () => {
          admin.validate();
        });
      } else if (!this.hasNodeUnit(admin.parsed, 'client') && !this.hasNodeUnit(admin.parsed, 'admin')) {
        throw new MspError(`admin ${index} is invalid [it has neither the client nor the admin unit]`);
      }
    }
  }
}

/** Several MSPs, as a channel has them. */
export class MspManager implements IdentityDeserializer {
  readonly #msps: ReadonlyMap<string, Msp>;
  readonly #cache = new LruMap<string, Identity>(CACHED_IDENTITIES);

  constructor(msps: Iterable<Msp>) {
    this.#msps = new Map(Array.from(msps, (member) => [member.mspId, member]));
  }

  get mspIds(): string[] {
    return [...this.#msps.keys()];
  }

  msp(mspId: string): Msp | undefined {
    return this.#msps.get(mspId);
  }

  deserializeIdentity(bytes: Uint8Array): Identity {
    const key = cacheKey(bytes);
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const mspId = decodeSerializedIdentity(bytes).getMspid();
    const owner = this.#msps.get(mspId);
    if (owner === undefined) throw new MspError(`MSP ${mspId} is not defined on channel`);
    const identity = owner.deserializeIdentity(bytes);
    this.#cache.set(key, identity);
    return identity;
  }
}

function decodeSerializedIdentity(bytes: Uint8Array): msp.SerializedIdentity {
  return mspFailure('could not deserialize a SerializedIdentity', () =>
    decodeMessage(msp.SerializedIdentity, bytes, 'SerializedIdentity'),
  );
}

function readAnchors(config: msp.FabricMSPConfig): TrustAnchors {
  const read = (list: readonly Uint8Array[]): Certificate[] =>
    list.map((pem) => mspFailure('getCertFromPem error', () => parseCertificatePem(pem)));
  const roots = read(config.getRootCertsList_asU8());
  if (roots.length === 0) throw new MspError('expected at least one CA certificate');
  const declared = { roots, intermediates: read(config.getIntermediateCertsList_asU8()) };
  const clean = (certificate: Certificate): Certificate =>
    mspFailure('', () => sanitizedAuthority(certificate, declared));
  return { roots: roots.map(clean), intermediates: declared.intermediates.map(clean) };
}

/** An authority with its signature in low-S form. Throws ChainError when it is neither self-signed nor known. */
function sanitizedAuthority(certificate: Certificate, anchors: TrustAnchors): Certificate {
  if (isIssuedBy(certificate, certificate)) return sanitized(certificate, certificate);
  const [, issuer] = certificationChain(certificate, anchors);
  return issuer === undefined ? certificate : sanitized(certificate, issuer);
}

/** SHA-256 over the certificates of a path, the issuer first (msp getCertificationChainIdentifierFromChain). */
function chainIdentifier(chain: readonly Certificate[]): Buffer {
  return sha256(...chain.map(({ raw }) => raw));
}

function unitList(units: readonly string[]): string {
  return `[${units.join(' ')}]`;
}

function rawKey(certificate: Certificate): string {
  return cacheKey(certificate.raw);
}

function cacheKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
