import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AuditEntry } from '../../../electron/api/activity-models';
import { defaultSettings } from '../../../electron/api/settings';
import type { Settings } from '../../../electron/api/settings';
import { App } from '../../app';
import { FakeClient } from '../../client/testing/fake-client';
import { aStatus } from '../../network/testing/status';
import { formatTime } from '../../ui/format';
import { setTheme } from '../../ui/theme';
import { setZone } from '../../ui/time-zone';

/** Before any format of times is made. */
vi.hoisted(() => {
  process.env['TZ'] = 'Asia/Kolkata';
});

const entry = (change: Partial<AuditEntry>): AuditEntry => ({
  at: '2026-11-22T14:07:32.000Z',
  user: 'ada',
  role: 'admin',
  operation: 'node.stop',
  identity: null,
  request: { node: 'peer0.alpha.test' },
  outcome: 'OK',
  transactionId: null,
  task: null,
  durationMs: 41,
  ...change,
});

let settings: Settings;
let client: FakeClient;
beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  settings = defaultSettings;
  client = new FakeClient({
    'network.status': () => aStatus(),
    'task.list': () => [],
    'identity.list': () => [],
    'settings.get': () => settings,
    'settings.set': (change) => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      return (settings = { ...settings, ...Object.fromEntries(given) });
    },
    'storage.usage': () => [
      { kind: 'metrics', bytes: 5_000_000, path: '/h/metrics' },
      { kind: 'history', bytes: 300, path: '/h/history' },
      { kind: 'ledgers', bytes: 90_000_000, path: '/h/data' },
    ],
    'audit.list': () => ({
      entries: [
        entry({}),
        entry({
          at: '2026-11-22T14:05:00.000Z',
          operation: 'network.purge',
          outcome: 'NETWORK_BUSY',
          user: 'bob',
        }),
      ],
      problem: null,
    }),
    'diagnostics.contents': () => [{ name: 'status.json', holds: 'state of all nodes' }],
    'diagnostics.bundle': () => ({
      fileName: 'bundle.tar.gz',
      content: 'AAAA',
      entries: [{ name: 'status.json', holds: 'state of all nodes', bytes: 2_048 }],
      redactions: 4,
      made: '2026-11-22T14:07:32.000Z',
    }),
  });
});
afterEach(() => {
  cleanup();
  setZone('local');
  window.location.hash = '';
  vi.restoreAllMocks();
});

async function show(address: string) {
  window.location.hash = address;
  render(<App client={client} />);
  return screen.findByRole('heading', { level: 1, name: 'Settings' }, { timeout: 10_000 });
}
const changes = () =>
  client.calls.filter(({ name }) => name === 'settings.set').map(({ request }) => request);
const painted = () => document.documentElement.dataset['theme'];

test('what another console set is taken over, and a choice made anywhere in this one is set for all', async () => {
  settings = { ...defaultSettings, theme: 'dark', density: 'comfortable' };
  await show('/settings');
  await vi.waitFor(() => expect(painted()).toBe('dark'));
  expect(document.documentElement.dataset['density']).toBe('comfortable');
  expect(changes()).toEqual([]);
  // As palette and menus do.
  setTheme('light');
  await vi.waitFor(() => expect(changes()).toEqual([{ theme: 'light' }]));
  expect(painted()).toBe('light');
  expect(localStorage.getItem('cityflow.theme')).toBe('light');
});

test('times are those of UTC once that is set', async () => {
  await show('/settings');
  const moment = '2026-11-22T14:07:32.000Z';
  expect(formatTime(moment)).toBe('19:37:32');
  await userEvent.setup({ delay: null }).click(await screen.findByRole('radio', { name: 'UTC' }));
  await vi.waitFor(() => expect(formatTime(moment)).toBe('14:07:32'));
  expect(changes()).toEqual([{ times: 'utc' }]);
  expect(localStorage.getItem('cityflow.times')).toBe('utc');
});

test('less is kept only after it was said that the rest goes', async () => {
  await show('/settings?tab=kept');
  const user = userEvent.setup({ delay: null });
  const table = await screen.findByRole('table', { name: 'What is kept' });
  expect(table.textContent).toMatch(/Metrics.*4.8 MB.*2 days/);
  expect(table.textContent).toMatch(/Ledgers.*85.8 MB.*--purge/);
  await user.click(within(table).getByRole('button', { name: /calls of contracts/ }));
  await user.click(await screen.findByRole('option', { name: '500 calls' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Keep 500 calls only?' });
  expect(changes()).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Keep 500 calls' }));
  await vi.waitFor(() => expect(changes()).toEqual([{ historyCalls: 500 }]));
});

test('a store that cannot be kept on disk says so in its row, and what to do', async () => {
  const fault = {
    store: 'history' as const,
    kind: 'failing' as const,
    file: '/h/history/testnet.jsonl',
    title: 'The list of calls cannot be kept on disk.',
    detail: 'The disk is full.',
    hint: 'Free some space.',
    since: '2026-11-22T14:07:32.000Z',
  };
  client.answers['network.status'] = () => aStatus({ storeFaults: [fault] });
  await show('/settings?tab=kept');
  const row = await screen.findByRole('row', { name: /^Calls of contracts/ });
  await vi.waitFor(() =>
    expect(row.textContent).toMatch(/cannot be kept on disk.*The disk is full\. Free some space\..*19:37:32/),
  );
  expect(screen.getByRole('row', { name: /^Metrics/ }).textContent).not.toContain('cannot');
});

test('the audit log says who did what with which outcome, and is asked for what is looked for', async () => {
  await show('/settings?tab=audit');
  const user = userEvent.setup({ delay: null });
  const table = await screen.findByRole('table', { name: 'Audit log' });
  const text = within(table)
    .getAllByRole('row')
    .map(({ textContent }) => textContent);
  expect(text[1]).toMatch(/ada admin.*node\.stop.*peer0\.alpha\.test.*done/);
  expect(text[2]).toMatch(/bob admin.*network\.purge.*NETWORK_BUSY/);
  await user.click(screen.getByRole('button', { name: 'Only failed' }));
  await user.type(screen.getByRole('searchbox'), 'bob');
  await vi.waitFor(() =>
    expect(client.calls.at(-1)).toMatchObject({ name: 'audit.list', request: { failed: true, text: 'bob' } }),
  );
  expect(window.location.hash).toContain('failed=true');
});

test('a bundle is announced, then made and handed over', async () => {
  const urls = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
  await show('/settings?tab=diagnostics');
  expect(await screen.findByText('status.json')).toBeDefined();
  expect(urls).not.toHaveBeenCalled();
  await userEvent.setup({ delay: null }).click(screen.getByRole('button', { name: 'Make the bundle' }));
  expect(await screen.findByText(/bundle.tar.gz, 1 file; 4 places blackened/)).toBeDefined();
  expect(screen.getByText('2.0 KB')).toBeDefined();
  const [blob] = urls.mock.calls[0] ?? [];
  expect(blob).toMatchObject({ size: 3, type: 'application/gzip' });
});

test('who may only look has a look of their own, and is told what else needs', async () => {
  client.role = 'viewer';
  await show('/settings');
  const user = userEvent.setup({ delay: null });
  await user.click(await screen.findByRole('radio', { name: 'Dark' }));
  await vi.waitFor(() => expect(painted()).toBe('dark'));
  expect(changes()).toEqual([]);
  expect((await screen.findByRole('radio', { name: 'UTC' })).hasAttribute('disabled')).toBe(true);
  await user.click(screen.getByRole('radio', { name: 'Audit log' }));
  expect(await screen.findByText('The audit log is for admins')).toBeDefined();
  expect(client.calls.some(({ name }) => name === 'audit.list')).toBe(false);
});
