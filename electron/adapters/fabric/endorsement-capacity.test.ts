import { expect, test } from 'vitest';
import { parsePolicy } from '../../../network/protocol/policy';
import { policyOf } from './endorsement-capacity';

const satisfied = (policy: string, peers: Record<string, number>) =>
  policyOf(parsePolicy(policy), policy).satisfiedBy(new Map(Object.entries(peers)));

test.each([
  ["AND('A.peer', OR('B.peer', 'C.peer'))", { A: 1, C: 1 }, true],
  ["AND('A.peer', OR('B.peer', 'C.peer'))", { B: 1, C: 1 }, false],
  ["AND('A.peer', OR('B.peer', 'C.peer'))", { A: 2 }, false],
  // Each peer endorses once.
  ["OutOf(2, 'A.peer', 'A.peer')", { A: 1 }, false],
  ["OutOf(2, 'A.peer', 'A.peer')", { A: 2 }, true],
  ["OR('A.member')", { A: 1 }, true],
  // No peer is an admin or a client.
  ["OR('A.admin', 'A.client')", { A: 5 }, false],
  ["OutOf(2, 'A.peer', 'B.peer', 'C.peer')", { B: 1, C: 1 }, true],
])('%s with peers of %j: %s', (policy, peers, expected) => {
  expect(satisfied(policy, peers)).toBe(expected);
});
