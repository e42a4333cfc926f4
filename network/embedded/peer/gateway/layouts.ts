import { msp } from '@hyperledger/fabric-protos';
import type { ChannelMember } from '../membership/members';
import type { EndorsementRequirements } from './endorsement-policies';
import type { Layout } from './plan';
import { countsOf, type Principal } from './principal-sets';

export interface EndorsementLayouts {
  readonly layouts: readonly Layout[];
  /** Members of each group a layout names; a group stands for one principal. */
  readonly groups: ReadonlyMap<string, readonly ChannelMember[]>;
}

/**
 * Which combinations of live peers satisfy the requirements (discovery/endorsement/endorsement.go). Throws when no
 * peers could, and when those that could don't run the chaincodes.
 */
export function endorsementLayouts(
  requirements: EndorsementRequirements,
  members: readonly ChannelMember[],
): EndorsementLayouts {
  const eligible = members.filter((member) =>
    requirements.readers.every((principals) => principals.some((one) => satisfies(member, one))),
  );
  const principals = new Map<string, Principal>();
  for (const set of requirements.sets) for (const one of set) principals.set(one.key, one);

  const satisfying = new Map<string, readonly ChannelMember[]>();
  for (const [key, one] of principals) {
    satisfying.set(
      key,
      eligible.filter((member) => satisfies(member, one.message)),
    );
  }
  const possible = requirements.sets.map(countsOf).filter((layout) => fulfilled(layout, satisfying));
  if (possible.length === 0) throw new Error('no peer combination can satisfy the endorsement policy');

  const groups = new Map<string, readonly ChannelMember[]>();
  for (const [key, candidates] of satisfying) {
    groups.set(
      key,
      candidates.filter((member) => runs(member, requirements.chaincodes)),
    );
  }
  const layouts = possible.filter((layout) => fulfilled(layout, groups));
  if (layouts.length === 0) throw new Error('required chaincodes are not installed on sufficient peers');
  return { layouts, groups };
}

function fulfilled(layout: Layout, groups: ReadonlyMap<string, readonly ChannelMember[]>): boolean {
  return [...layout].every(([group, quantity]) => (groups.get(group)?.length ?? 0) >= quantity);
}

function runs(member: ChannelMember, chaincodes: EndorsementRequirements['chaincodes']): boolean {
  const { chaincodes: told } = member;
  if (told === undefined) return true;
  return chaincodes.every(
    ({ name, sequence }) =>
      name === '_lifecycle' || told.some((one) => one.name === name && one.sequence === sequence),
  );
}

/** A peer whose certificate was never seen is taken for what a peer is: a member and a peer of its organization. */
function satisfies(member: ChannelMember, wanted: msp.MSPPrincipal): boolean {
  if (member.identity !== undefined) return member.identity.satisfies(wanted);
  if (wanted.getPrincipalClassification() !== msp.MSPPrincipal.Classification.ROLE) return false;
  const role = msp.MSPRole.deserializeBinary(wanted.getPrincipal_asU8());
  const { MEMBER, PEER } = msp.MSPRole.MSPRoleType;
  return role.getMspIdentifier() === member.mspId && [MEMBER, PEER].some((one) => one === role.getRole());
}
