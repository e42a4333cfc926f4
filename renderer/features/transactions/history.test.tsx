import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TransactionRecord } from '../../../electron/api/activity-models';
import { asked, forgetEverything, id, leave, open, transactionId } from './testing/open-transactions';

beforeEach(forgetEverything);
afterEach(leave);

describe('what was run', () => {
  const record: TransactionRecord = {
    id: 'r1',
    at: new Date(0).toISOString(),
    kind: 'submit',
    as: 'Beta/registrar',
    channel: 'goods-channel',
    contract: 'goods',
    function: 'Put',
    args: ['OLD-1', '9'],
    transientKeys: ['pin'],
    endorsingOrganizations: null,
    outcome: 'OK',
    problem: null,
    transactionId,
    status: 'VALID',
    blockNumber: '7',
    result: { goodId: 'OLD-1' },
    durationMs: 2_000,
    stagesMs: { proposal: 1, endorse: 2, submit: 3, commit: 4 },
  };
  const answers = {
    'transaction.history': () => [
      record,
      { ...record, id: 'r2', kind: 'evaluate' as const, function: 'Get', outcome: 'CONTRACT_REFUSED' },
    ],
  };

  test('is filtered in the address, and fills the form again; secrets are asked for anew', async () => {
    const { user } = await open(answers, '?view=history&ran=failed');
    const calls = await screen.findByRole('table', { name: 'Calls' });
    expect(within(calls).queryByText('Put')).toBeNull();
    await user.click(screen.getByRole('radio', { name: 'Written' }));
    expect(window.location.hash).toContain('ran=written');
    await user.type(screen.getByRole('searchbox', { name: /Find/ }), 'old-1 registrar');
    await user.click(await within(screen.getByRole('table', { name: 'Calls' })).findByText('Put'));
    expect(await screen.findByText('pin, values not kept')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Fill and act as Beta/registrar' }));
    expect((await id()).value).toBe('OLD-1');
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Name 1' }).value).toBe('pin');
    expect(screen.getByLabelText<HTMLInputElement>('Value 1').value).toBe('');
    expect(await screen.findByRole('button', { name: /Acting as.*Beta/ })).toBeDefined();
  });

  test('is kept under a name without secrets', async () => {
    const { client, user } = await open({
      'transaction.save': (request) => ({ ...request, id: 's1', savedAt: new Date(0).toISOString() }),
    });
    await user.type(await id(), 'A-1');
    await user.click(screen.getByRole('button', { name: 'Save request' }));
    const name = await screen.findByRole('textbox', { name: 'Name' });
    await user.clear(name);
    await user.type(name, 'Cheap good{Enter}');
    await waitFor(() =>
      expect(asked(client, 'transaction.save')).toEqual([
        {
          name: 'Cheap good',
          channel: 'goods-channel',
          contract: 'goods',
          function: 'Put',
          args: ['A-1', ''],
          transientKeys: [],
          endorsingOrganizations: null,
        },
      ]),
    );
    await waitFor(() => expect(window.location.hash).toContain('saved=s1'));
  });
});
