import { X509Certificate } from 'node:crypto';
import { certificateAttributes } from '../../../network/artifacts/attributes';
import type { Topology } from '../../../network/topology/schema';
import type { Identity } from '../../api/models';

/** Fabric's own attributes, of no use to a person. */
const ENROLLMENT_PREFIX = 'hf.';
const nodeUnits = ['admin', 'client', 'peer', 'orderer'];

/** What a certificate says of its holder. */
export function describeIdentity(
  topology: Topology,
  known: Pick<Identity, 'organization' | 'mspId' | 'name' | 'source'>,
  certificatePem: string,
): Identity {
  const certificate = new X509Certificate(certificatePem);
  const expires = new Date(certificate.validTo);
  return {
    ...known,
    id: `${known.organization}/${known.name}`,
    role: nodeUnitOf(certificate),
    attributes: Object.fromEntries(
      Object.entries(certificateAttributes(certificatePem)).filter(
        ([name]) => !name.startsWith(ENROLLMENT_PREFIX),
      ),
    ),
    expires: expires.toISOString(),
    fingerprint: certificate.fingerprint256,
    problem:
      expires < new Date() ? `Its certificate expired on ${expires.toISOString().slice(0, 10)}.` : null,
    channels: topology.channels
      .filter(({ members }) => members.includes(known.organization))
      .map(({ name }) => name),
  };
}

/** The NodeOU among the organizational units; a certificate without one is a plain member's. */
function nodeUnitOf(certificate: X509Certificate): string {
  const units = certificate.subject
    .split('\n')
    .flatMap((part) => (part.startsWith('OU=') ? [part.slice(3)] : []));
  return nodeUnits.find((unit) => units.includes(unit)) ?? 'member';
}
