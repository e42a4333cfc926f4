import { expect, test } from 'vitest';
import { problem } from '../core/problem';
import { problemText, table } from './output';

const header = ['node', 'role', 'height', 'members'];
const rows = [
  ['peer0.alpha.test', 'peer', '12', 'Alpha, Beta, Gamma, Delta'],
  ['orderer.test', 'orderer', '7', 'Alpha'],
];

test('a table has columns two spaces apart, numbers to the right', () => {
  expect(table(header, rows, { right: ['height'], width: undefined }).split('\n')).toEqual([
    'node              role     height  members',
    'peer0.alpha.test  peer         12  Alpha, Beta, Gamma, Delta',
    'orderer.test      orderer       7  Alpha',
  ]);
});

test('a narrow terminal goes without optional columns, and the last column is broken at spaces', () => {
  const text = table(header, rows, { optional: ['height', 'role'], width: 36 });
  expect(text.split('\n')).toEqual([
    'node              members',
    'peer0.alpha.test  Alpha, Beta,',
    '                  Gamma, Delta',
    'orderer.test      Alpha',
  ]);
});

test('a table keeps its optional columns where they fit', () => {
  expect(table(header, rows, { optional: ['role'], width: 60 })).toContain('role');
});

test('a problem says each thing once, and who said it', () => {
  const { problem: refused } = problem('CONTRACT_REFUSED', {
    title: 'The contract refused.',
    detail: 'SPOT_EXISTS: spot 12',
    hint: 'Take another.',
    sources: [
      { name: 'peer0', mspId: 'AlphaMSP', message: 'chaincode response 500, SPOT_EXISTS: spot 12' },
      { name: 'peer1', mspId: 'BetaMSP', message: 'chaincode response 500, SPOT_EXISTS: spot 12' },
      { name: 'peer2', message: 'something else' },
    ],
  });
  expect(problemText(refused).split('\n')).toEqual([
    'The contract refused. [CONTRACT_REFUSED]',
    '  SPOT_EXISTS: spot 12',
    '  Said by peer0 (AlphaMSP), peer1 (BetaMSP).',
    '  peer2 says: something else',
    '→ Take another.',
  ]);
});
