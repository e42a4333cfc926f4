import { expect, test } from 'vitest';
import { parsePolicy } from '../policy-dsl';
import { signaturePolicyInWords } from './signature-policy-words';

test.each([
  ["AND('AMSP.peer', OR('BMSP.peer', 'CMSP.member'))", 'A and (B or C)'],
  ["OR('AMSP.peer', 'BMSP.peer', 'CMSP.peer')", 'A, B or C'],
  ["OutOf(2, 'AMSP.peer', 'BMSP.peer', 'CMSP.peer')", '2 of A, B and C'],
  ["OR('AMSP.peer')", 'A'],
  ["OR(AND('AMSP.peer', 'BMSP.peer'), 'CMSP.peer')", '(A and B) or C'],
])('%s: %s', (policy, words) => {
  expect(signaturePolicyInWords(parsePolicy(policy), (mspId) => mspId.replace('MSP', ''))).toBe(words);
});
