import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NetworkStatus } from '../../../electron/api/models';
import { aProblem, FakeProblem } from '../../client/testing/fake-client';
import { actAs } from '../../network/acting';
import { aStatus } from '../../network/testing/status';
import {
  asked,
  contract,
  forgetEverything,
  functions,
  id,
  leave,
  open,
  price,
  topic,
} from './testing/open-transactions';

beforeEach(forgetEverything);
afterEach(leave);

describe('the call', () => {
  test('is a form of what the contract describes, and the same as JSON', async () => {
    const { user } = await open();
    expect(await screen.findByText('Stores a good.')).toBeDefined();
    await user.type(await id(), 'A-1');
    await user.type(await price(), '250');
    expect(screen.getByText('cents, 2.50')).toBeDefined();
    await user.click(screen.getByRole('radio', { name: 'JSON' }));
    const json = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Arguments as JSON' });
    expect(json.value).toBe('{\n  "goodId": "A-1",\n  "priceCents": 250\n}');
    await user.clear(json);
    await user.click(json);
    await user.paste('{\n"goodId": "B-2",\n"priceCents": 7\n}');
    await user.click(screen.getByRole('radio', { name: 'Form' }));
    expect((await id()).value).toBe('B-2');
  });

  test('that is wrong is told in place and not sent; the input stays', async () => {
    const { client, user } = await open();
    await user.type(await id(), 'far too long');
    expect(await screen.findByText('At most 8 characters; these are 12.')).toBeDefined();
    await user.keyboard('{Control>}{Shift>}{Enter}{/Shift}{/Control}');
    expect(await screen.findByText('Needs a whole number from 1 to 500.')).toBeDefined();
    expect(asked(client, 'transaction.run')).toEqual([]);
    await user.click(screen.getByRole('radio', { name: 'JSON' }));
    const json = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Arguments as JSON' });
    await user.clear(json);
    await user.click(json);
    await user.paste('{\n"goodId": "A-1"\n"priceCents": 7}');
    expect(await screen.findByText('Line 3: A comma or } is expected here.')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Evaluate' }));
    expect(await screen.findByText(/The JSON cannot be sent. Line 3.*Nothing was sent/)).toBeDefined();
    expect(json.value).toContain('A-1');
    expect(asked(client, 'transaction.evaluate')).toEqual([]);
  });

  test('stays when another function, another identity or another view is looked at', async () => {
    const { user } = await open();
    await user.type(await id(), 'A-1');
    await user.click(screen.getByRole('link', { name: 'Get' }));
    expect(await screen.findByText('It takes no arguments.')).toBeDefined();
    await user.click(screen.getByRole('link', { name: 'Tasks' }));
    await screen.findByRole('heading', { level: 1, name: 'Tasks' });
    act(() => actAs('Beta/registrar'));
    await user.click(screen.getByRole('link', { name: 'Transactions' }));
    expect((await id()).value).toBe('A-1');
  });

  test('of a contract without metadata is typed, arguments as texts', async () => {
    const { client, user } = await open({
      'contract.show': () => ({ ...contract, functions: null, noFunctions: 'goods has no metadata.' }),
      'transaction.evaluate': () => ({ result: 'plain', durationMs: 3, gateway: 'peer0.alpha.test' }),
    });
    expect(await screen.findByText('goods has no metadata.')).toBeDefined();
    await user.type(await screen.findByRole('textbox', { name: 'Function' }), 'anything');
    await user.click(screen.getByRole('button', { name: 'Add argument' }));
    await user.type(screen.getByRole('textbox', { name: 'Argument 1' }), 'x y');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() =>
      expect(asked(client, 'transaction.evaluate')).toEqual([
        {
          as: 'Alpha/operator',
          channel: 'goods-channel',
          contract: 'goods',
          function: 'anything',
          args: ['x y'],
        },
      ]),
    );
    expect(await screen.findByText('Evaluated, nothing written')).toBeDefined();
    expect(await screen.findByText('Text returned, no JSON')).toBeDefined();
  });

  test('of a contract that is committed while it is looked at becomes the form of what it describes', async () => {
    let isCommitted = false;
    const now = () => (isCommitted ? contract : { ...contract, committed: null });
    const { client } = await open({
      'contract.list': () => [now()],
      'contract.show': () => ({
        ...now(),
        functions: isCommitted ? functions : null,
        noFunctions: isCommitted ? null : 'goods is not committed on goods-channel yet.',
      }),
    });
    const statusWith = (change: Partial<NetworkStatus['channels'][number]>) => {
      const status = aStatus();
      return { ...status, channels: status.channels.map((channel) => ({ ...channel, ...change })) };
    };
    expect(await screen.findByText('goods is not committed on goods-channel yet.')).toBeDefined();
    const before = asked(client, 'contract.show').length;
    act(() => topic(client, 'network.status')?.send([statusWith({ contract: null })]));
    await waitFor(() => expect(asked(client, 'contract.show').length).toBeGreaterThan(before));
    isCommitted = true;
    act(() => topic(client, 'network.status')?.send([statusWith({})]));
    expect(await screen.findByText('Stores a good.')).toBeDefined();
    expect(screen.queryByText(/not committed/)).toBeNull();
  });

  test('takes secrets that are not stored, and endorsers that are named', async () => {
    const { client, user } = await open();
    await user.type(await id(), 'A-1');
    await user.type(await price(), '5');
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await user.type(screen.getByRole('textbox', { name: 'Name 1' }), 'pin');
    await user.type(screen.getByLabelText('Value 1'), 'hush');
    await user.click(screen.getByRole('radio', { name: 'Choose' }));
    await user.click(screen.getByRole('checkbox', { name: /Beta/ }));
    expect(await screen.findByText(/The policy needs Alpha and Beta/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Submit' }));
    await waitFor(() => expect(asked(client, 'transaction.run')).toHaveLength(1));
    expect(asked(client, 'transaction.run')[0]).toMatchObject({
      transient: { pin: 'hush' },
      endorsingOrganizations: ['AlphaMSP'],
    });
    expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toContain('hush');
    await user.click(screen.getByRole('radio', { name: 'CLI' }));
    expect((await screen.findByLabelText('Submit', { selector: 'pre' })).textContent).not.toContain('hush');
  });
});

describe('who acts', () => {
  test('is another by one key, and what was entered stays', async () => {
    const { user } = await open();
    await user.type(await id(), 'A-1');
    act(() => (document.activeElement as HTMLElement).blur());
    await user.keyboard('2');
    expect(await screen.findByText('Beta', { selector: '.differ', exact: false })).toBeDefined();
    expect((await id()).value).toBe('A-1');
    await user.keyboard('a');
    expect(await screen.findByRole('menu', { name: /^Acting as/ })).toBeDefined();
  });

  test('and is no member of the channel is refused in words, with who could', async () => {
    const { user } = await open();
    act(() => actAs('Gamma/guest'));
    expect(await screen.findByText('Gamma is no member of goods-channel')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Submit' })).toHaveProperty('disabled', true);
    await user.click(screen.getByRole('button', { name: 'Act as Beta/registrar' }));
    await waitFor(() => expect(screen.queryByText('Gamma is no member of goods-channel')).toBeNull());
  });

  test('and may only look finds both ways shut, with the reason', async () => {
    const { client } = await open({}, '', 'viewer');
    expect(await screen.findByText(/This needs the role operator/, { selector: '.differ' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'Evaluate' })).toHaveProperty('disabled', true);
    expect(asked(client, 'transaction.saved')).toEqual([]);
  });

  test('evaluates as each organization and sees who may', async () => {
    const { user } = await open(
      {
        'transaction.evaluate': ({ as }) =>
          as.startsWith('Alpha')
            ? { result: { ok: 1 }, durationMs: 4, gateway: 'peer0.alpha.test' }
            : new FakeProblem(
                aProblem({
                  code: 'CONTRACT_REFUSED',
                  title: 'The contract refused.',
                  detail: 'DENIED: only Alpha',
                  sources: [{ name: 'x', message: 'chaincode response 500, DENIED: only Alpha' }],
                }),
              ),
      },
      '?function=Get',
    );
    await user.click(await screen.findByRole('button', { name: 'Run as each' }));
    const table = await screen.findByRole('table', { name: 'Answers by organization' });
    expect(await within(table).findByText('{"ok":1}')).toBeDefined();
    await user.click(within(table).getByText('DENIED: only Alpha'));
    await user.click(await screen.findByRole('button', { name: 'Act as Beta/registrar' }));
    expect(await screen.findByRole('button', { name: /Acting as.*Beta/ })).toBeDefined();
  });
});
