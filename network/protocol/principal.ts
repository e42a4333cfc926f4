import { msp } from '@hyperledger/fabric-protos';
import { identityMspId } from './serialized-identity';
import { decodeMessage } from './wire';

/** Roles of a NodeOU-enabled MSP, by the names of the policy language. */
export type MspRole = 'member' | 'admin' | 'client' | 'peer' | 'orderer';

export const mspRoles: readonly MspRole[] = ['member', 'admin', 'client', 'peer', 'orderer'];

/** Who may sign: the decoded form of `msp.MSPPrincipal`. */
export type Principal =
  | { readonly kind: 'role'; readonly mspId: string; readonly role: MspRole }
  | { readonly kind: 'unit'; readonly mspId: string; readonly unit: string; readonly certifiers: Uint8Array }
  | { readonly kind: 'identity'; readonly identity: Uint8Array }
  | { readonly kind: 'nominal' }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'combined'; readonly principals: readonly Principal[] }
  | { readonly kind: 'unknown'; readonly problem: string };

/**
 * Decodes a principal once, so that evaluating a policy decodes nothing. What Fabric refuses only when it evaluates
 * (an unknown role, malformed bytes) becomes `unknown`: nobody satisfies it.
 */
export function parsePrincipal(principal: msp.MSPPrincipal): Principal {
  try {
    return decodePrincipal(principal);
  } catch (error) {
    return { kind: 'unknown', problem: error instanceof Error ? error.message : String(error) };
  }
}

function decodePrincipal(principal: msp.MSPPrincipal): Principal {
  const bytes = principal.getPrincipal_asU8();
  const classification = principal.getPrincipalClassification();
  const { Classification } = msp.MSPPrincipal;
  switch (classification) {
    case Classification.ROLE: {
      const decoded = decodeMessage(msp.MSPRole, bytes, 'MSPRole');
      const role = mspRoles[decoded.getRole()];
      return role === undefined
        ? { kind: 'unknown', problem: `invalid MSP role type ${decoded.getRole()}` }
        : { kind: 'role', mspId: decoded.getMspIdentifier(), role };
    }
    case Classification.ORGANIZATION_UNIT: {
      const decoded = decodeMessage(msp.OrganizationUnit, bytes, 'OrganizationUnit');
      return {
        kind: 'unit',
        mspId: decoded.getMspIdentifier(),
        unit: decoded.getOrganizationalUnitIdentifier(),
        certifiers: decoded.getCertifiersIdentifier_asU8(),
      };
    }
    case Classification.IDENTITY:
      return { kind: 'identity', identity: bytes };
    case Classification.ANONYMITY:
      return decodeMessage(msp.MSPIdentityAnonymity, bytes, 'MSPIdentityAnonymity').getAnonymityType() ===
        msp.MSPIdentityAnonymity.MSPIdentityAnonymityType.NOMINAL
        ? { kind: 'nominal' }
        : { kind: 'anonymous' };
    case Classification.COMBINED: {
      const combined = decodeMessage(msp.CombinedPrincipal, bytes, 'CombinedPrincipal').getPrincipalsList();
      return combined.length === 0
        ? { kind: 'unknown', problem: 'No principals in CombinedPrincipal' }
        : { kind: 'combined', principals: combined.map(decodePrincipal) };
    }
    default:
      return { kind: 'unknown', problem: `invalid principal type ${String(classification)}` };
  }
}

export function rolePrincipal(mspId: string, role: MspRole): msp.MSPPrincipal {
  const mspRole = new msp.MSPRole();
  mspRole.setMspIdentifier(mspId);
  mspRole.setRole(mspRoles.indexOf(role) as msp.MSPRole.MSPRoleTypeMap[keyof msp.MSPRole.MSPRoleTypeMap]);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(mspRole.serializeBinary());
  return principal;
}

/** A principal as messages name it, such as `ParkingOperatorMSP.peer`. */
export function principalName(principal: Principal): string {
  switch (principal.kind) {
    case 'role':
      return `${principal.mspId}.${principal.role}`;
    case 'unit':
      return `${principal.mspId} with unit ${principal.unit}`;
    case 'identity':
      return `one identity of ${identityMspId(principal.identity)}`;
    case 'nominal':
      return 'anyone by name';
    case 'anonymous':
      return 'an anonymous identity';
    case 'combined':
      return principal.principals.map(principalName).join(' who is also ');
    case 'unknown':
      return `nobody (${principal.problem})`;
  }
}
