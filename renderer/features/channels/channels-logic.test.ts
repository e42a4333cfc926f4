import { describe, expect, test } from 'vitest';
import type { ChannelDetail } from '../../../electron/api/models';
import { compareLedgers } from './matrix';
import { policyInWords } from './policy-words';

const nameOf = (mspId: string) => mspId.replace('MSP', '');

describe('policies in words', () => {
  test.each([
    ["AND('AMSP.peer', OR('BMSP.peer', 'CMSP.peer'))", 'A peer of A and (a peer of B or a peer of C)'],
    ["OR('AMSP.admin')", 'An admin of A'],
    ["OutOf(2, 'AMSP.member', 'BMSP.member', 'CMSP.member')", '2 of anyone of A, anyone of B, anyone of C'],
  ])('%s', (policy, words) => expect(policyInWords(policy, nameOf)).toBe(words));

  test('an implicit policy asks what stands right below it', () => {
    expect(policyInWords('MAJORITY of Admins', nameOf, '/Channel/Application/Admins')).toBe(
      'More than half of the organizations, each by its own policy Admins',
    );
    expect(policyInWords('ANY of Readers', nameOf, '/Channel/Readers')).toBe(
      'Any one of the groups Application and Orderer, by its own policy Readers',
    );
  });

  test.each(["AND('AMSP.peer'", 'something else', "NOT('AMSP.peer')", "OR('AMSP.peer') and more"])(
    'what is not understood is shown as it stands: %s',
    (policy) => expect(policyInWords(policy, nameOf)).toBe(policy),
  );
});

describe('ledgers compared', () => {
  const peer = (node: string, height: string | null, tipHash: string | null) => ({
    node,
    mspId: 'AMSP',
    joined: height !== null,
    height,
    tipHash,
    problem: null,
  });
  const verdicts = (peers: ChannelDetail['peers']) =>
    compareLedgers({ peers } as ChannelDetail).map(({ verdict }) => verdict);

  test('equal hashes at equal heights are the same ledger', () => {
    expect(verdicts([peer('a', '7', 'x'), peer('b', '7', 'x')])).toEqual(['same', 'same']);
  });

  test('the one that differs from the majority of its height is named', () => {
    expect(verdicts([peer('a', '7', 'x'), peer('b', '7', 'y'), peer('c', '7', 'x')])).toEqual([
      'same',
      'different',
      'same',
    ]);
  });

  test('where there is no majority nobody is called right', () => {
    expect(verdicts([peer('a', '7', 'x'), peer('b', '7', 'y')])).toEqual(['different', 'different']);
  });

  test('a peer at another height, or without a ledger, is not compared', () => {
    expect(
      verdicts([peer('a', '7', 'x'), peer('b', '7', 'x'), peer('c', '5', 'z'), peer('d', null, null)]),
    ).toEqual(['same', 'same', 'alone', 'unknown']);
  });
});
