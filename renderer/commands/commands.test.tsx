import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { TextField } from '../ui/fields';
import { Palette } from './palette';
import { ClientProvider } from '../client/context';
import { createQueryClient } from '../client/query-client';
import { FakeClient } from '../client/testing/fake-client';
import { CommandProvider, useOfferCommands } from './provider';
import { CommandRegistry } from './registry';
import { findCommands } from './search';
import { ShortcutList } from './shortcut-list';
import { shortcutLabel } from './shortcuts';

afterEach(cleanup);

function Console({ client = new FakeClient(), children }: { client?: FakeClient; children: ReactNode }) {
  const [queries] = useState(createQueryClient);
  return (
    <ClientProvider client={client} queries={queries}>
      <CommandProvider>{children}</CommandProvider>
    </ClientProvider>
  );
}

const command = (id: string, shortcut?: string) => ({
  id,
  title: `Do ${id}`,
  section: 'Test',
  run: vi.fn(),
  ...(shortcut !== undefined && { shortcut }),
});

describe('the registry', () => {
  test('holds what is offered now, and refuses an id twice', () => {
    const registry = new CommandRegistry();
    const withdraw = registry.register([command('a'), { ...command('off'), enabled: false }]);
    expect(registry.list().map(({ id }) => id)).toEqual(['a']);
    expect(() => registry.register([command('a')])).toThrow('exists twice');
    withdraw();
    expect(registry.list()).toEqual([]);
  });

  test('finds by all typed words, titles that begin with them first', () => {
    const commands = ['Look at wallet-channel', 'Wallet', 'Stop'].map((title) => ({
      ...command(title),
      title,
    }));
    expect(findCommands(commands, 'wal').map(({ title }) => title)).toEqual([
      'Wallet',
      'Look at wallet-channel',
    ]);
    expect(findCommands(commands, 'look chan').map(({ title }) => title)).toEqual(['Look at wallet-channel']);
  });
});

test('shortcuts are labelled as the keyboard is', () => {
  expect(shortcutLabel('mod+k', false)).toBe('Ctrl K');
  expect(shortcutLabel('mod+k', true)).toBe('⌘ K');
  expect(shortcutLabel('g o', false)).toBe('g then o');
  expect(shortcutLabel('mod+shift+enter', false)).toBe('Ctrl Shift ↵');
});

describe('keys', () => {
  const go = command('go', 'g o');
  const open = command('open', 'mod+k');
  const help = command('help', '?');

  function Offer() {
    useOfferCommands(useMemo(() => [go, open, help], []));
    return <TextField label="Field" value="" onChange={vi.fn()} />;
  }

  test('run their command: chords, sequences and printed signs', async () => {
    const user = userEvent.setup();
    render(
      <Console>
        <Offer />
      </Console>,
    );
    await user.keyboard('go');
    expect(go.run).toHaveBeenCalledOnce();
    await user.keyboard('o');
    expect(go.run).toHaveBeenCalledOnce();
    await user.keyboard('{Control>}k{/Control}');
    expect(open.run).toHaveBeenCalledOnce();
    await user.keyboard('{Shift>}?{/Shift}');
    expect(help.run).toHaveBeenCalledOnce();
  });

  test('that write belong to the field they are written in', async () => {
    go.run.mockClear();
    const user = userEvent.setup();
    render(
      <Console>
        <Offer />
      </Console>,
    );
    await user.type(screen.getByRole('textbox'), 'go');
    expect(go.run).not.toHaveBeenCalled();
  });
});

test('the palette runs the chosen command and closes; the list of keys shows the same commands', async () => {
  const user = userEvent.setup();
  const close = vi.fn();
  const offered = [command('first', 'g f'), command('second')];
  function Offer() {
    useOfferCommands(offered);
    return null;
  }
  render(
    <Console>
      <Offer />
      <Palette isOpen onClose={close} />
    </Console>,
  );
  await user.type(screen.getByRole('combobox'), 'do');
  expect(screen.getAllByRole('option')).toHaveLength(2);
  await user.keyboard('{ArrowDown}{Enter}');
  expect(offered[1]?.run).toHaveBeenCalledOnce();
  expect(close).toHaveBeenCalledOnce();
  cleanup();
  render(
    <Console>
      <Offer />
      <ShortcutList isOpen onClose={close} />
    </Console>,
  );
  act(() => undefined);
  expect(screen.getByText('g then f')).toBeDefined();
  expect(screen.queryByText('Do second')).toBeNull();
});

test('what a role may not do is not offered to it', () => {
  const offered = [command('look'), { ...command('stop'), calls: 'network.down' as const }];
  function Offer() {
    useOfferCommands(offered);
    return null;
  }
  const client = new FakeClient();
  client.role = 'viewer';
  render(
    <Console client={client}>
      <Offer />
      <Palette isOpen onClose={vi.fn()} />
    </Console>,
  );
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['TestDo look']);
});
