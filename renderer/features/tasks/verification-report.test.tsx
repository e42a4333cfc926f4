import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Verification } from '../../../electron/api/models';
import { VerificationReport } from './verification-report';

afterEach(cleanup);

const check = (name: string, holds: number, fails = 0, notCheckable = 0) => ({
  check: name,
  method: `How ${name} is checked.`,
  holds,
  fails,
  notCheckable,
});

function verification(problems: Verification['problems'] = []): Verification {
  return {
    channel: 'goods-channel',
    blocks: '7',
    ok: problems.length === 0,
    peers: [
      { node: 'peer0.alpha.test', height: '7' },
      { node: 'peer0.beta.test', height: '7' },
    ],
    problems,
    report: {
      node: 'peer0.alpha.test',
      blocks: '7',
      transactions: '1200',
      codes: { VALID: 1199, MVCC_READ_CONFLICT: 1 },
      genesisHash: 'ab'.repeat(32),
      tipHash: 'cd'.repeat(32),
      commitHash: 'ef'.repeat(32),
      checks: [check('data hash', 7), check('reads', 1199, 1), check('commit hash', 6, 0, 1)],
      unchecked: [{ check: 'commit hash', reason: 'they begin with block 1', firstBlock: '0', count: 1 }],
    },
  };
}

const checkNamed = (name: string) => {
  const found = within(screen.getByRole('list', { name: 'Checks' }))
    .getAllByRole('listitem')
    .find(({ textContent }) => textContent.includes(`${name} How`));
  if (!found) throw new Error(`no check ${name}`);
  return found;
};

test('a ledger in order is told with every check, how it is made and what could not be checked', () => {
  render(<VerificationReport verification={verification()} />);
  expect(screen.getByText('In order')).toBeDefined();
  expect(screen.getByText(/1,200 transactions: 1,199 VALID, 1 MVCC_READ_CONFLICT/)).toBeDefined();
  expect(checkNamed('commit hash').textContent).toContain('6 hold1 not checkable');
  // Recorded as invalid for this very reason: nothing is wrong with it.
  expect(within(checkNamed('reads')).getByText('holds')).toBeDefined();
  expect(screen.getByText(/recorded in the ledger as invalid for that very reason/)).toBeDefined();
  expect(screen.getByText(/they begin with block 1/)).toBeDefined();
});

test('what is wrong stands first, with its block', () => {
  const detail = 'peer0.beta.test: its transactions hash to 12, the header says 34';
  render(<VerificationReport verification={verification([{ block: '3', check: 'data hash', detail }])} />);
  expect(screen.getByText('1 problem')).toBeDefined();
  const problems = screen.getByRole('table', { name: 'Problems' });
  expect(within(problems).getByText('3')).toBeDefined();
  expect(problems.textContent).toContain(detail);
  expect(within(checkNamed('reads')).getByText('fails somewhere')).toBeDefined();
  expect(screen.queryByText(/recorded in the ledger as invalid/)).toBeNull();
});
