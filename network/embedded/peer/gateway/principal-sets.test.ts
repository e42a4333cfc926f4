import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../protocol/policy';
import { msp } from '@hyperledger/fabric-protos';
import { signaturePolicyTree } from './policy-tree';
import { mergePrincipalSets, principalSets, type PrincipalSet } from './principal-sets';

const setsOf = (policy: string): PrincipalSet[] => principalSets(signaturePolicyTree(parsePolicy(policy)));

const readable = (sets: readonly PrincipalSet[]): string[] =>
  sets
    .map((set) =>
      set
        .map(({ message }) => msp.MSPRole.deserializeBinary(message.getPrincipal_asU8()).getMspIdentifier())
        .sort()
        .join('+'),
    )
    .sort();

describe('principal sets of an endorsement policy', () => {
  it('AND of one organization with one of two others has two ways', () => {
    expect(readable(setsOf("AND('A.peer', OR('B.peer', 'C.peer'))"))).toEqual(['A+B', 'A+C']);
  });

  it('two out of three has three ways', () => {
    expect(readable(setsOf("OutOf(2, 'A.peer', 'B.peer', 'C.peer')"))).toEqual(['A+B', 'A+C', 'B+C']);
  });

  it('asking for the same organization twice takes two signatures of it', () => {
    expect(readable(setsOf("AND('A.peer', 'A.peer')"))).toEqual(['A+A']);
  });

  it('leaves out ways that ask for more than another', () => {
    expect(readable(setsOf("OR('A.peer', AND('A.peer', 'B.peer'))"))).toEqual(['A']);
  });

  it('has no way to satisfy more than there are', () => {
    const none = { n: 1, rules: [] };
    expect(principalSets({ n: 2, rules: [none, none] })).toEqual([]);
  });

  it('a wide policy does not explode', () => {
    const many = Array.from({ length: 24 }, (_, index) => `'Org${index}.peer'`).join(', ');
    expect(setsOf(`OutOf(12, ${many})`).length).toBeLessThanOrEqual(10_000);
  });
});

describe('merging policies', () => {
  it('one signature counts for both where both want it', () => {
    const merged = mergePrincipalSets(setsOf("AND('A.peer', 'B.peer')"), setsOf("OR('B.peer', 'C.peer')"));
    expect(readable(merged)).toEqual(['A+B', 'A+B+C'].slice(0, 1));
  });

  it('a peer of an organization counts as its member', () => {
    const merged = mergePrincipalSets(setsOf("OR('A.member', 'A.member')"), setsOf("OR('A.peer', 'A.peer')"));
    expect(merged.some((set) => set.length === 1)).toBe(true);
  });

  it('disjoint policies need the signatures of both', () => {
    expect(readable(mergePrincipalSets(setsOf("OR('A.peer')"), setsOf("OR('B.peer')")))).toEqual(['A+B']);
  });
});
