import { msp } from '@hyperledger/fabric-protos';
import { certificatePem, parseCertificatePem, subjectText } from '../certificate';
import { messageOf } from '../cause';
import { LruMap } from '../lru';
import { decodeMessage } from '../wire';

/** The kinds of members an MSP with NodeOUs tells apart. */
const ROLES = ['admin', 'orderer', 'peer', 'client'] as const;

export interface CertificateDescription {
  readonly pem: string;
  /** As Go prints it, most specific name first. */
  readonly subject: string;
  readonly issuer: string;
  readonly commonName: string;
  readonly organizationalUnits: readonly string[];
  /** Hex. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Who a serialized identity says it is. Nothing of it is verified. */
export interface IdentityDescription {
  /** Serialized msp.SerializedIdentity. */
  readonly bytes: Uint8Array;
  readonly mspId: string;
  /** By the unit in its certificate, where the usual names are used; undefined where it has none of them or several. */
  readonly role: (typeof ROLES)[number] | undefined;
  readonly certificate: CertificateDescription | undefined;
  /** Why there is no certificate; undefined where there is one. */
  readonly problem: string | undefined;
}

/** A channel has a few hundred creators and a dozen endorsers. */
const REMEMBERED = 4096;
const known = new LruMap<string, IdentityDescription>(REMEMBERED);

/** Describes an identity. The same bytes are read once: certificates are slow to parse, and blocks repeat a few. */
export function describeIdentity(bytes: Uint8Array): IdentityDescription {
  const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  let description = known.get(key);
  // A copy: the bytes are part of a block that need not be kept.
  if (description === undefined) known.set(key, (description = describe(Buffer.from(bytes))));
  return description;
}

function describe(bytes: Uint8Array): IdentityDescription {
  let mspId = '';
  try {
    const identity = decodeMessage(msp.SerializedIdentity, bytes, 'SerializedIdentity');
    mspId = identity.getMspid();
    const parsed = parseCertificatePem(identity.getIdBytes_asU8());
    const roles = ROLES.filter((role) => parsed.organizationalUnits.includes(role));
    const certificate = {
      pem: certificatePem(parsed),
      subject: subjectText(parsed),
      issuer: parsed.x509.issuer.split('\n').reverse().join(','),
      commonName: parsed.commonName,
      organizationalUnits: parsed.organizationalUnits,
      serialNumber: parsed.serialNumber.toString(16),
      notBefore: parsed.notBefore,
      notAfter: parsed.notAfter,
    };
    return { bytes, mspId, role: roles.length === 1 ? roles[0] : undefined, certificate, problem: undefined };
  } catch (error) {
    return { bytes, mspId, role: undefined, certificate: undefined, problem: messageOf(error) };
  }
}
