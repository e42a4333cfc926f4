import { expect, test } from 'vitest';
import type { ContractEndorsement } from '../../../electron/api/contract-models';
import type { ContractStatus } from '../../../electron/api/models';
import { endorsementWords, suffices } from './endorsement-words';
import { chooseContract } from './choose-contract';

const endorsement = (...sufficient: string[][]): ContractEndorsement => ({
  contract: 'goods',
  channel: 'goods-channel',
  policy: 'a policy',
  organizations: ['A', 'B', 'C', 'D'].map((name) => ({ name, mspId: `${name}MSP`, peers: 2, running: 2 })),
  sufficient: sufficient.map((set) => set.map((name) => `${name}MSP`)),
  canBeMet: true,
  reason: null,
});

test.each([
  [endorsement(['A', 'B']), 'A and B'],
  [endorsement(['A']), 'A'],
  [endorsement(['A', 'B'], ['A', 'C']), 'A, and B or C'],
  [endorsement(['A'], ['B'], ['C']), 'A, B or C'],
  [endorsement(['A', 'B'], ['C', 'D']), '(A and B) or (C and D)'],
  [endorsement(), 'a policy'],
])('who must endorse: %o', (known, words) => expect(endorsementWords(known)).toBe(words));

test('organizations suffice where one of the sets is among them', () => {
  const known = endorsement(['A', 'B'], ['A', 'C']);
  expect(suffices(known, ['AMSP', 'CMSP', 'DMSP'])).toBe(true);
  expect(suffices(known, ['BMSP', 'CMSP'])).toBe(false);
});

test('the address names a contract, its channel, neither, or what there is not', () => {
  const contract = (name: string): ContractStatus => ({
    name,
    channel: `${name}-channel`,
    declared: { version: '1.0', sequence: '1', endorsement: '' },
    committed: null,
    packageId: '',
    address: '',
  });
  const all = [contract('user'), contract('parking')];
  const chosen = (search: Parameters<typeof chooseContract>[1]) => {
    const found = chooseContract(all, search);
    return [found?.contract.name, found?.notice];
  };
  expect(chosen({})).toEqual(['user', undefined]);
  expect(chosen({ contract: 'parking' })).toEqual(['parking', undefined]);
  expect(chosen({ channel: 'parking-channel' })).toEqual(['parking', undefined]);
  expect(chosen({ contract: 'user', channel: 'parking-channel' })).toEqual(['parking', undefined]);
  expect(chosen({ contract: 'gone' })).toEqual(['user', 'There is no contract gone. This is user.']);
  expect(chosen({ channel: 'gone' })).toEqual(['user', 'No contract is declared on gone.']);
  expect(chooseContract([], {})).toBeUndefined();
});
