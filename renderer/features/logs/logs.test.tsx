import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Role } from '../../../electron/api/operations';
import type { LogSearch } from '../../../electron/api/node-models';
import { App } from '../../app';
import { aProblem, FakeClient, FakeProblem } from '../../client/testing/fake-client';
import { aStatus } from '../../network/testing/status';

/** The view's modules are loaded while it waits. */
const PATIENCE = { timeout: 10_000 };
const ORDERER = 'orderer.test';
const PEER = 'peer0.alpha.test';
const TRANSACTION = 'a1b2c3d4'.repeat(8);

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  window.location.hash = '';
});

const at = (ms: number) => `2026-11-22 08:00:00.${String(ms).padStart(3, '0')} UTC`;
const lineOf = (ms: number, text: string, level = 'INFO') =>
  `${at(ms)} 00a1 ${level} [endorser] call -> ${text}`;
const events = (...lines: string[]) => lines.map((line, index) => ({ line, position: `p:${String(index)}` }));

function open(hash: string, answers: FakeClient['answers'] = {}, role: Role = 'admin') {
  window.location.hash = hash;
  const client = new FakeClient({
    'network.status': () => aStatus(),
    'task.list': () => [],
    'identity.list': () => [],
    'node.logLevel': () => ({ spec: 'info', returns: null }),
    'transaction.history': () => [],
    ...answers,
  });
  client.role = role;
  render(<App client={client} />);
  const logs = () => client.streams.filter(({ topic }) => topic === 'node.logs');
  /** Answers the last page of each log, and follows. */
  const answer = async (of: Readonly<Record<string, string[]>>) => {
    await waitFor(() => expect(logs().length).toBe(Object.keys(of).length), PATIENCE);
    for (const stream of logs()) {
      const { node } = stream.parameters as { node: string };
      stream.send(events(...(of[node] ?? [])));
      stream.end();
    }
    await waitFor(() => expect(logs().length).toBe(2 * Object.keys(of).length));
  };
  const follower = () => {
    const stream = logs().at(-1);
    if (!stream) throw new Error('nothing is followed');
    return stream;
  };
  return { client, answer, follower, user: userEvent.setup() };
}

const address = (search: Record<string, unknown>) =>
  `#/logs?${Object.entries(search)
    .map(
      ([key, value]) =>
        `${key}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`,
    )
    .join('&')}`;

const rows = () => screen.getAllByRole('row').map((row) => row.textContent ?? '');

describe('one log', () => {
  const lines = [
    lineOf(1, 'first'),
    lineOf(2, 'careful', 'WARN'),
    '  and more of it',
    lineOf(3, 'broken', 'ERRO'),
  ];

  test('shows time, level, logger and message, and what continues a message below it', async () => {
    const { answer } = open(address({ nodes: [PEER] }));
    await answer({ [PEER]: lines });
    const grid = await screen.findByRole('grid', { name: `Log of ${PEER}` });
    expect(grid.getAttribute('aria-rowcount')).toBe('4');
    expect(rows()[1]).toMatch(/WARN.*endorser.*call -> careful/);
    expect(rows()[2]).toBe('  and more of it');
  });

  test('leaves out milder levels, with what continues them', async () => {
    const { answer, user } = open(address({ nodes: [PEER] }));
    await answer({ [PEER]: lines });
    await user.click(await screen.findByRole('radio', { name: 'Warnings' }));
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(window.location.hash).toContain('level=warn');
    expect(screen.getByText('3 of 4 lines', { exact: false })).toBeDefined();
  });

  test('counts what is searched for, goes from one to the next, and shows only those when asked', async () => {
    const { answer, user } = open(address({ nodes: [PEER] }));
    await answer({ [PEER]: [lineOf(1, 'SPOT-1'), lineOf(2, 'other'), lineOf(3, 'spot-2 [x]')] });
    const field = await screen.findByRole('searchbox', { name: 'Search in the lines' });
    await user.type(field, 'spot-');
    expect(await screen.findByText('2 matches')).toBeDefined();
    await user.keyboard('{Enter}');
    expect(await screen.findByText('2 of 2')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Next match' }));
    expect(await screen.findByText('1 of 2')).toBeDefined();
    expect(document.querySelector('.log-row.current')?.textContent).toContain('SPOT-1');
    await user.click(screen.getByRole('button', { name: 'Only matches' }));
    await waitFor(() => expect(rows()).toHaveLength(2));
    await user.clear(field);
    await user.type(field, 'nowhere');
    expect(await screen.findByText('None of 3 lines matches')).toBeDefined();
  });

  test('stops following when a line is selected, and says how many came since', async () => {
    const { answer, follower, user } = open(address({ nodes: [PEER] }));
    await answer({ [PEER]: [lineOf(1, `txID=${TRANSACTION} is in`)] });
    fireEvent.click(await screen.findByText('call', { exact: false, selector: '.ms .quiet' }));
    act(() => follower().send(events(lineOf(5, 'new'), lineOf(6, 'newer'))));
    expect(await screen.findByText('2 new lines')).toBeDefined();
    expect(rows()).toHaveLength(1);
    const detail = screen.getByRole('region', { name: 'The selected line' });
    expect(within(detail).getByText('line 00a1 of its run')).toBeDefined();
    expect(
      within(detail)
        .getByRole('link', { name: /All about transaction/ })
        .getAttribute('href'),
    ).toBe(`#/logs?transaction=${TRANSACTION}`);
    await user.click(screen.getByRole('button', { name: 'Show' }));
    await waitFor(() => expect(rows()).toHaveLength(3));
  });

  test('is walked through with the arrows, selected with Shift, and copied', async () => {
    const { answer, user } = open(address({ nodes: [PEER] }));
    await answer({ [PEER]: lines });
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    const grid = await screen.findByRole('grid');
    act(() => grid.focus());
    await user.keyboard('{Home}{ArrowDown}{Shift>}{ArrowDown}{/Shift}');
    expect(grid.getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('row')[2]?.id);
    await user.click(screen.getByRole('button', { name: 'Copy 2 lines' }));
    expect(write).toHaveBeenCalledWith(`${lines[1] ?? ''}\n${lines[2] ?? ''}`);
    expect(await screen.findByText('Copied 2 lines.')).toBeDefined();
  });

  test('that has no lines says why', async () => {
    const { answer } = open(address({ nodes: [PEER] }));
    await answer({ [PEER]: [] });
    expect(await screen.findByText('No lines yet')).toBeDefined();
  });

  test('that cannot be read says why, and is read when asked again', async () => {
    const { client } = open(address({ nodes: [PEER] }));
    const logs = () => client.streams.filter(({ topic }) => topic === 'node.logs');
    await waitFor(() => expect(logs()).toHaveLength(1), PATIENCE);
    logs()[0]?.end(aProblem({ code: 'INTERNAL', title: 'The disk is gone', retryable: true }));
    expect(await screen.findByText('The disk is gone')).toBeDefined();
    await waitFor(() => expect(logs().length).toBeGreaterThan(1));
  });

  test('has a level, set by who may and for as long as wanted', async () => {
    const returns = { at: new Date(Date.now() + 300_000).toISOString(), to: 'info' };
    let level = { spec: 'info', returns: null as typeof returns | null };
    const { client, answer, user } = open(address({ nodes: [PEER] }), {
      'node.logLevel': () => level,
      'node.setLogLevel': ({ spec }) => (level = { spec, returns }),
    });
    await answer({ [PEER]: lines });
    await user.click(await screen.findByRole('button', { name: 'Level info' }));
    const field = await screen.findByRole('textbox', { name: /Specification/ });
    await user.clear(field);
    await user.type(field, 'gossip=loud');
    expect(await screen.findByText(/“loud” is no level/)).toBeDefined();
    expect(screen.getByRole('button', { name: 'Set the level' })).toHaveProperty('disabled', true);
    await user.click(screen.getByRole('button', { name: 'Gateway' }));
    await user.click(screen.getByRole('button', { name: 'Set the level' }));
    expect(await screen.findByRole('button', { name: /Level gateway=debug:info.*min/ })).toBeDefined();
    expect(client.calls.find(({ name }) => name === 'node.setLogLevel')?.request).toEqual({
      node: PEER,
      spec: 'gateway=debug:info',
      returnAfterSeconds: 900,
    });
  });

  test('has a level that a viewer sees and does not set', async () => {
    const { client, answer, user } = open(address({ nodes: [PEER] }), {}, 'viewer');
    await answer({ [PEER]: lines });
    await user.click(await screen.findByRole('button', { name: 'Level info' }));
    const set = await screen.findByRole('button', { name: 'Set the level' });
    await user.click(screen.getByRole('button', { name: 'Gateway' }));
    await user.click(set);
    expect(await screen.findAllByText(/needs the role admin/)).not.toHaveLength(0);
    expect(client.calls.some(({ name }) => name === 'node.setLogLevel')).toBe(false);
  });
});

describe('several logs', () => {
  test('stand side by side, or as one by their times', async () => {
    const { answer, client, user } = open(address({ nodes: [ORDERER, PEER] }));
    const logs = {
      [ORDERER]: [lineOf(2, 'ordered')],
      [PEER]: [lineOf(1, 'endorsed'), lineOf(3, 'committed')],
    };
    await answer(logs);
    expect(await screen.findAllByRole('grid')).toHaveLength(2);
    const before = client.streams.length;
    await user.click(screen.getByRole('radio', { name: 'Merged by time' }));
    await waitFor(() => expect(client.streams.length).toBeGreaterThan(before));
    await waitFor(() =>
      expect(rows().map((row) => /endorsed|ordered|committed/.exec(row)?.[0])).toEqual([
        'endorsed',
        'ordered',
        'committed',
      ]),
    );
    expect(window.location.hash).toContain('layout=merged');
  });

  test('a node that is not in this network is named', async () => {
    open(address({ nodes: ['peer9.gone.test'] }));
    expect(await screen.findByText('Not in this network: peer9.gone.test.', {}, PATIENCE)).toBeDefined();
  });

  test('a moment is looked up in the logs of all nodes', async () => {
    const { client } = open(address({ at: '2026-11-22T08:00:00.002Z' }));
    const logs = () => client.streams.filter(({ topic }) => topic === 'node.logs');
    await waitFor(() => expect(logs()).toHaveLength(aStatus().nodes.length), PATIENCE);
    expect(logs()[0]?.parameters).toMatchObject({ at: '2026-11-22T08:00:00.002Z', follow: false });
  });
});

describe('all logs', () => {
  const found = (change: Partial<LogSearch> = {}): LogSearch => ({
    matches: [
      { node: PEER, at: '2026-11-22T08:00:00.001Z', line: lineOf(1, `endorsed txID=${TRANSACTION}`) },
      { node: PEER, at: null, line: '  more of it' },
      { node: ORDERER, at: '2026-11-22T08:00:00.041Z', line: lineOf(41, 'ordered txID=a1b2c3d4') },
    ],
    nodes: [
      { node: ORDERER, matches: 1, problem: null },
      { node: PEER, matches: 2, problem: null },
      { node: 'peer1.alpha.test', matches: 0, problem: 'Its log cannot be read.' },
    ],
    truncated: false,
    ...change,
  });

  test('are searched for a text; who could not be read is part of the answer', async () => {
    const { client, user } = open(address({}), { 'logs.search': () => found() });
    await user.type(await screen.findByRole('searchbox', {}, PATIENCE), 'txid{Enter}');
    expect(await screen.findByText(/Its log cannot be read/)).toBeDefined();
    expect(client.calls.find(({ name }) => name === 'logs.search')?.request).toMatchObject({ text: 'txid' });
    expect(rows()).toHaveLength(3);
    expect(window.location.hash).toContain('text=txid');
  });

  test('an id of a transaction leads to everything about it, since the first line, by node as well', async () => {
    const { client, user } = open(address({}), { 'logs.search': () => found() });
    await user.type(await screen.findByRole('searchbox', {}, PATIENCE), `${TRANSACTION}{Enter}`);
    expect(await screen.findByRole('heading', { name: 'Transaction in the logs' })).toBeDefined();
    expect(await screen.findByText('3 lines on 2 nodes')).toBeDefined();
    expect(screen.getByText('40 ms from first to last')).toBeDefined();
    expect(client.calls.find(({ name }) => name === 'logs.search')?.request).toMatchObject({
      transactionId: TRANSACTION,
    });
    expect(rows().map((row) => /^\+\d+ ms/.exec(row)?.[0])).toEqual(['+0 ms', '+0 ms', '+40 ms']);
    await user.click(screen.getByRole('radio', { name: 'By node' }));
    await waitFor(() => expect(rows()[0]).toContain('ordered'));
  });

  test('a transaction nobody wrote about says what that means, and what is no id is not searched for', async () => {
    const none = found({ matches: [], nodes: [{ node: PEER, matches: 0, problem: null }] });
    open(address({ transaction: TRANSACTION }), { 'logs.search': () => none });
    expect(await screen.findByText('No log mentions this transaction', {}, PATIENCE)).toBeDefined();
    cleanup();
    const { client } = open(address({ transaction: 'nonsense' }));
    expect(await screen.findByText('That is no id of a transaction')).toBeDefined();
    expect(client.calls.some(({ name }) => name === 'logs.search')).toBe(false);
  });

  test('a search that fails says why and can be tried again', async () => {
    open(address({ transaction: TRANSACTION }), {
      'logs.search': () => new FakeProblem(aProblem({ title: 'The core does not answer' })),
    });
    expect(await screen.findByText('The core does not answer', {}, PATIENCE)).toBeDefined();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined();
  });
});
