import type { msp } from '@hyperledger/fabric-protos';
import { parsePrincipal } from '../../../protocol/principal';
import { identityMspId } from '../../../protocol/serialized-identity';

/** A policy as a tree of thresholds over principals; n of an empty list can't be satisfied. */
export type PrincipalTree =
  { readonly principal: Principal } | { readonly n: number; readonly rules: readonly PrincipalTree[] };

/** An MSP principal that can be compared with others (common/policies/inquire/compare.go). */
export interface Principal {
  /** Equal for equal principals. */
  readonly key: string;
  readonly message: msp.MSPPrincipal;
  readonly mspId: string;
  readonly isMemberRole: boolean;
}

/** One way to satisfy a policy: a signature for each entry, entries may repeat. */
export type PrincipalSet = readonly Principal[];

/** More ways than that are not looked at (inquire.go combinationsUpperBound). */
const MAX_COMBINATIONS = 10_000;
const MAX_COMPARED = 500;

/** Throws when the principal's kind is not one endorsement policies can be planned for. */
export function principal(message: msp.MSPPrincipal): Principal {
  const parsed = parsePrincipal(message);
  const base = {
    key: `${message.getPrincipalClassification()}:${message.getPrincipal_asB64()}`,
    message,
    isMemberRole: parsed.kind === 'role' && parsed.role === 'member',
  };
  switch (parsed.kind) {
    case 'role':
    case 'unit':
      return { ...base, mspId: parsed.mspId };
    case 'identity':
      return { ...base, mspId: identityMspId(parsed.identity) };
    case 'nominal':
    case 'anonymous':
    case 'combined':
    case 'unknown':
      throw new Error('failed creating a comparable principal set');
  }
}

/** Every minimal way to satisfy the policy, at most 10,000 of them; empty when there is none. */
export function principalSets(tree: PrincipalTree): PrincipalSet[] {
  if ('principal' in tree) return [[tree.principal]];
  let partial: { set: PrincipalSet; taken: number }[] = [{ set: [], taken: 0 }];
  tree.rules.forEach((rule, index) => {
    const left = tree.rules.length - index - 1;
    const ways = principalSets(rule);
    partial = partial
      .flatMap(({ set, taken }) => [
        ...(taken + left >= tree.n ? [{ set, taken }] : []),
        ...(taken < tree.n ? ways.map((way) => ({ set: [...set, ...way], taken: taken + 1 })) : []),
      ])
      .slice(0, MAX_COMBINATIONS);
  });
  return reduced(
    partial.filter(({ set, taken }) => taken === tree.n && set.length > 0).map(({ set }) => set),
  );
}

/** Ways to satisfy both policies, one signature counting for both where its principal allows (inquire/merge.go). */
export function mergePrincipalSets(
  first: readonly PrincipalSet[],
  second: readonly PrincipalSet[],
): PrincipalSet[] {
  const merged: PrincipalSet[] = [];
  for (const one of first) {
    for (const other of second) {
      merged.push(covering(one, other), covering(other, one));
      if (merged.length >= MAX_COMBINATIONS) return reduced(merged);
    }
  }
  return reduced(merged);
}

/** `containing` and whatever of `contained` its signatures don't already satisfy. */
function covering(contained: PrincipalSet, containing: PrincipalSet): PrincipalSet {
  const used = new Set<number>();
  const uncovered = contained.filter((wanted) => {
    const index = containing.findIndex((offered, at) => !used.has(at) && implies(offered, wanted));
    if (index < 0) return true;
    used.add(index);
    return false;
  });
  return [...containing, ...uncovered];
}

/** Whether every identity that satisfies one principal satisfies the other as well. */
function implies(one: Principal, other: Principal): boolean {
  if (one.mspId !== other.mspId) return false;
  return other.isMemberRole || one.key === other.key;
}

/** Without repeats and, as long as comparing all with all is cheap, without those that ask for more than another. */
function reduced(sets: readonly PrincipalSet[]): PrincipalSet[] {
  const distinct = new Map(
    sets.map((set) => [
      set
        .map(({ key }) => key)
        .sort()
        .join(' '),
      { set, counts: countsOf(set) },
    ]),
  );
  const candidates = [...distinct.values()];
  if (candidates.length > MAX_COMPARED) return candidates.map(({ set }) => set);
  // Shorter ones first: a set can only be made superfluous by one that is not longer.
  candidates.sort((a, b) => a.set.length - b.set.length);
  const kept: typeof candidates = [];
  for (const candidate of candidates) {
    if (!kept.some(({ counts }) => within(counts, candidate.counts))) kept.push(candidate);
  }
  return kept.map(({ set }) => set);
}

export function countsOf(set: PrincipalSet): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of set) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function within(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return [...one].every(([key, count]) => (other.get(key) ?? 0) >= count);
}
