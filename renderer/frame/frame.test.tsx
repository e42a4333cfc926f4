import { act, cleanup, configure, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { menuCommands } from '../../electron/api/commands';
import { App } from '../app';
import { aProblem, FakeClient } from '../client/testing/fake-client';
import { aStatus } from '../network/testing/status';
import { views } from '../views';

configure({ asyncUtilTimeout: 10_000 });

// Views are loaded when they are opened; here that is not waited for.
beforeAll(async () => {
  await Promise.all([
    import('../features/tasks/tasks'),
    import('../features/network/network'),
    import('../features/connect/connect'),
    import('../commands/palette'),
  ]);
}, 60_000);

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

function open(change: Partial<FakeClient> = {}) {
  window.location.hash = '/tasks';
  const client = new FakeClient({
    'network.status': () => aStatus(),
    'task.list': () => [],
    'identity.list': () => [],
    'runtime.list': () => [],
    'network.list': () => [],
  });
  Object.assign(client, change);
  const menu: { choose(id: string): void } = { choose: () => undefined };
  render(
    <App
      client={client}
      onMenuCommand={(listener) => {
        menu.choose = listener;
        return () => undefined;
      }}
    />,
  );
  return { client, menu };
}

const heading = (name: string) => screen.findByRole('heading', { level: 1, name });
const statusBar = () => screen.getByRole('contentinfo').textContent;

test('a lost connection is said with the age of what is shown, can be tried at once, and resumes', async () => {
  const { client } = open();
  await heading('Tasks');
  await vi.waitFor(() => expect(statusBar()).toContain('Nodes 6 / 6 up'));
  expect(statusBar()).toContain('Connected');
  expect(statusBar()).not.toContain('ago');
  client.lastHeard = Date.now() - 12_000;
  const problem = aProblem({ code: 'CONNECTION_LOST', title: 'The connection is lost.' });
  act(() => client.become({ kind: 'lost', since: 0, retryAt: 0, attempt: 1, problem }));
  expect(statusBar()).toMatch(/Connection lost data from \d+ s ago/);
  expect(statusBar()).toContain('Nodes 6 / 6 up');
  expect(screen.getByText('No task yet')).toBeDefined();
  await userEvent.setup().click(screen.getByRole('button', { name: 'Connect now' }));
  expect(client.retries).toBeGreaterThan(0);
  act(() => client.become({ kind: 'connected', since: 0 }));
  act(() => client.streams.find(({ topic }) => topic === 'network.status')?.send([aStatus()]));
  await vi.waitFor(() => expect(statusBar()).toContain('Connected'));
});

test('every menu of the desktop app does something here, and every view has its menu', async () => {
  const { menu } = open();
  await heading('Tasks');
  const inMenu = menuCommands.filter(({ menu: name }) => name === 'go').map(({ id }) => id);
  const reached = views.filter(({ id }) => id !== 'settings').map(({ id }) => `go.${id}`);
  expect([...reached, 'go.connect'].toSorted()).toEqual([...inMenu].toSorted());
  for (const { id, title } of views) {
    act(() => menu.choose(id === 'settings' ? 'settings.open' : `go.${id}`));
    await heading(title);
  }
  act(() => menu.choose('go.connect'));
  await heading('Connect');
  for (const theme of ['light', 'dark']) {
    act(() => menu.choose(`theme.${theme}`));
    expect(document.documentElement.dataset['theme']).toBe(theme);
  }
  act(() => menu.choose('theme.system'));
  act(() => menu.choose('palette.open'));
  expect(await screen.findByRole('combobox', { name: 'Find or do' })).toBeDefined();
  await userEvent.setup().keyboard('{Escape}');
  act(() => menu.choose('shortcuts.show'));
  expect(await screen.findByRole('dialog')).toBeDefined();
});

test('the network’s menu leads to its stop, which a viewer is told to need admin for', async () => {
  const { client } = open();
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: /^Network testnet/ }));
  await user.click(await screen.findByRole('menuitem', { name: /Stop the network/ }));
  await vi.waitFor(() => expect(window.location.hash).toContain('ask=down'));
  expect(client.calls.map(({ name }) => name)).not.toContain('network.down');
  cleanup();
  open({ role: 'viewer' });
  await user.click(await screen.findByRole('button', { name: /^Network testnet/ }));
  const stop = await screen.findByRole('menuitem', { name: /Stop the network.*needs the role admin/ });
  expect(stop.getAttribute('aria-disabled')).toBe('true');
  expect(statusBar()).toContain('Signed in as viewer, may look only');
});
