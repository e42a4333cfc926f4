import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../../electron/api/activity-models';
import type { NetworkStatus } from '../../../electron/api/models';
import type { NodeImpact } from '../../../electron/api/node-models';
import type { Role } from '../../../electron/api/operations';
import { App } from '../../app';
import { aProblem, FakeClient, FakeProblem } from '../../client/testing/fake-client';
import { aNode, aStatus, withNode } from '../../network/testing/status';
// What the router loads when it is needed is there before a test's time begins.
import './network';
import { aDetail } from './testing/detail';

const PEER = 'peer0.alpha.test';
const PATIENCE_MS = 20_000;

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

const anImpact = (change: Partial<NodeImpact> = {}): NodeImpact => ({
  node: PEER,
  action: 'stop',
  effect: 'weakens',
  summary: 'Without peer0.alpha.test, goods-channel is weaker.',
  effects: [
    {
      channel: 'goods-channel',
      contract: 'goods',
      effect: 'weakens',
      reason: 'Endorsed as before, but then by the one peer of Alpha that is left.',
    },
  ],
  ...change,
});

function open(
  hash: string,
  {
    status = aStatus(),
    answers = {},
    role = 'admin',
  }: { status?: NetworkStatus; answers?: FakeClient['answers']; role?: Role } = {},
) {
  window.location.hash = hash;
  const client = new FakeClient({
    'identity.list': () => [],
    'node.show': ({ node }) => aDetail(status.nodes.find(({ name }) => name === node) ?? aNode(node)),
    'node.impact': ({ action }) => anImpact({ action }),
    ...answers,
  });
  client.role = role;
  render(<App client={client} />);
  const tell = (next: NetworkStatus) =>
    act(() => {
      for (const stream of client.streams) if (stream.topic === 'network.status') stream.send([next]);
    });
  const ready = waitFor(
    () => expect(client.streams.some(({ topic }) => topic === 'network.status')).toBe(true),
    {
      timeout: PATIENCE_MS,
    },
  ).then(() => tell(status));
  return { client, tell, ready };
}

const map = () =>
  screen.findByRole('region', { name: 'Map of nodes and channels' }, { timeout: PATIENCE_MS });
/** By its full name: names of many links by role take long to work out. */
const nodeOnMap = async (name: string): Promise<HTMLElement> => {
  const found = (await map()).querySelector<HTMLElement>(`[data-node="${name}"]`);
  if (!found) throw new Error(`${name} does not stand on the map.`);
  return found;
};
const panel = (name = PEER) => screen.findByRole('complementary', { name }, { timeout: PATIENCE_MS });
const stoppedPeer = withNode(PEER, {
  state: 'stopped',
  channels: [],
  pid: null,
  health: { status: 'failed', reasons: ['It is stopped.'] },
});

describe('the map', () => {
  test('says in its title how many nodes are up, how many joins there are, and what stands where in words', async () => {
    const { ready } = open('#/network');
    await ready;
    expect(await screen.findByText('6 of 6 nodes up')).toBeDefined();
    expect(screen.getByText('4 of 4 joins')).toBeDefined();
    expect((await nodeOnMap(PEER)).textContent).toMatch(
      /peer0\.alpha.*has joined goods-channel \(anchor peer\)/,
    );
    expect((await nodeOnMap('orderer.test')).textContent).toContain('orders goods-channel');
    expect((await nodeOnMap('goods.alpha.test')).textContent).toContain('contract of goods-channel, running');
  });

  test.each([
    [
      'is behind',
      withNode(PEER, { channels: [{ name: 'goods-channel', height: '2', tipHash: null }] }),
      '5 behind',
    ],
    ['has not joined', withNode(PEER, { channels: [] }), 'not joined'],
  ])('marks where a peer %s', async (_what, status, note) => {
    const { ready } = open('#/network', { status });
    await ready;
    expect(within(await map()).getByText(note)).toBeDefined();
  });

  test('arrows move from node to node, Enter opens one beside the map, Esc closes it', async () => {
    const user = userEvent.setup();
    const { ready } = open('#/network');
    await ready;
    const orderer = await nodeOnMap('orderer.test');
    act(() => orderer.focus());
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement?.getAttribute('data-node')).toBe(PEER);
    await user.keyboard('{End}{ArrowUp}');
    expect(document.activeElement?.getAttribute('data-node')).toBe('peer1.beta.test');
    await user.keyboard('{Enter}');
    expect(await panel('peer1.beta.test')).toBeDefined();
    expect(window.location.hash).toContain('node=peer1.beta.test');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'peer1.beta.test' })).toBeNull());
  });

  test('focus lights the wire and its channels', async () => {
    const { ready } = open('#/network');
    await ready;
    const contract = await nodeOnMap('goods.alpha.test');
    const head = within(await map()).getByRole('link', { name: /^goods ?-channel 7 blocks/ });
    expect(head.className).not.toContain('on');
    act(() => contract.focus());
    expect(head.className).toContain('on');
  });

  test('a name that no node has is said, with a way back', async () => {
    const user = userEvent.setup();
    const { ready } = open('#/network?node=peer9.nowhere.test');
    await ready;
    expect(await screen.findByText('There is no node peer9.nowhere.test')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Show all 6 nodes' }));
    await waitFor(() => expect(window.location.hash).not.toContain('peer9'));
  });
});

describe('the table', () => {
  test('holds the same, sorts and filters, all of it in the address', async () => {
    const user = userEvent.setup();
    const { ready } = open('#/network?view=table', { status: stoppedPeer });
    await ready;
    const table = await screen.findByRole('table', { name: 'Nodes' }, { timeout: PATIENCE_MS });
    expect(within(table).getAllByRole('row')).toHaveLength(7);
    await user.click(within(table).getByRole('button', { name: 'State' }));
    await waitFor(() => expect(window.location.hash).toContain('sort=state'));
    expect(within(table).getAllByRole('row')[1]?.textContent).toContain('peer0.alphaAlphapeerstopped');
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Filter nodes' }));
    await user.keyboard('beta peer');
    await waitFor(() => expect(within(table).getAllByRole('row')).toHaveLength(3));
    expect(window.location.hash).toContain('filter=');
    await user.keyboard('x');
    await user.click(await screen.findByRole('button', { name: 'Show all' }));
    expect(await screen.findByText('6 of 6 nodes')).toBeDefined();
  });
});

describe('stopping a node', () => {
  test('says before what it weakens, asks with the focus on Cancel, and offers the way back', async () => {
    const user = userEvent.setup();
    const { client, ready, tell } = open(`#/network?node=${PEER}`, {
      answers: {
        'node.stop': () => stoppedPeer.nodes[1] ?? aNode(PEER),
        'node.start': () => aNode(PEER),
      },
    });
    await ready;
    const beside = await panel();
    expect(await within(beside).findByText(/by the one peer of Alpha that is left/)).toBeDefined();
    await user.click(within(beside).getByRole('button', { name: 'Stop…' }));
    const question = await screen.findByRole('alertdialog', { name: 'Stop peer0.alpha?' });
    expect(
      await within(question).findByText('Without peer0.alpha.test, goods-channel is weaker.'),
    ).toBeDefined();
    expect(document.activeElement?.textContent).toBe('Cancel');
    expect(window.location.hash).toContain('ask=stop');
    await user.click(within(question).getByRole('button', { name: 'Stop peer0.alpha' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    tell(stoppedPeer);
    expect(await within(beside).findByText('peer0.alpha is stopped')).toBeDefined();
    expect(within(beside).getByText('peer1.alpha still endorses for Alpha.')).toBeDefined();
    expect(await screen.findByText('5 of 6 nodes up')).toBeDefined();
    await user.click(within(beside).getByRole('button', { name: 'Start' }));
    await waitFor(() => expect(client.calls).toContainEqual({ name: 'node.start', request: { node: PEER } }));
  });

  test('a refusal stands in the question, which stays', async () => {
    const user = userEvent.setup();
    const { ready } = open(`#/network?node=${PEER}&ask=kill`, {
      answers: {
        'node.kill': () => new FakeProblem(aProblem({ code: 'NODE_FAILED', title: 'It does not end.' })),
      },
    });
    await ready;
    const question = await screen.findByRole(
      'alertdialog',
      { name: 'Kill peer0.alpha?' },
      { timeout: PATIENCE_MS },
    );
    await user.click(within(question).getByRole('button', { name: 'Kill peer0.alpha' }));
    expect(await within(question).findByText('It does not end.')).toBeDefined();
  });

  test('a viewer can neither be asked nor press', async () => {
    const user = userEvent.setup();
    const { client, ready } = open(`#/network?node=${PEER}&ask=stop`, { role: 'viewer' });
    await ready;
    const beside = await panel();
    const stop = await within(beside).findByRole('button', { name: 'Stop…' });
    expect(screen.queryByRole('alertdialog')).toBeNull();
    await user.click(stop);
    expect(stop.getAttribute('aria-disabled')).toBe('true');
    const network = screen.getByRole('button', { name: 'Stop network' });
    expect(network.getAttribute('aria-disabled')).toBe('true');
    expect(client.calls.every(({ name }) => name !== 'node.stop' && name !== 'network.down')).toBe(true);
  });

  test('one that ends by itself while it is looked at says so, and how', async () => {
    const { ready, tell } = open(`#/network?node=${PEER}`);
    await ready;
    const beside = await panel();
    expect(await within(beside).findByText('Running')).toBeDefined();
    const reason = 'exited with code 2; its log: panic: told to fall over';
    tell(withNode(PEER, { state: 'exited', channels: [], health: { status: 'failed', reasons: [reason] } }));
    expect(await within(beside).findByText('peer0.alpha has ended by itself')).toBeDefined();
    expect(within(beside).getByText(`E${reason.slice(1)}`)).toBeDefined();
  });
});

describe('a stopped peer', () => {
  const entry = (operation: string, at: string, outcome = 'OK'): AuditEntry => ({
    at,
    user: 'ada',
    role: 'admin',
    operation,
    identity: null,
    request: { node: PEER },
    outcome,
    transactionId: null,
    task: null,
    durationMs: 30,
  });
  const stopped = withNode(PEER, { state: 'stopped', channels: [] });
  const stop = entry('node.stop', '2026-11-22T15:35:57.000Z');
  const audited = (...entries: AuditEntry[]): FakeClient['answers'] => ({
    'audit.list': () => ({ entries, problem: null }),
  });

  test('says who stopped it and when, and nothing that only a running one has', async () => {
    const failed = entry('node.start', '2026-11-22T15:36:00.000Z', 'NODE_UNAVAILABLE');
    const { ready } = open(`#/network?node=${PEER}`, { status: stopped, answers: audited(failed, stop) });
    await ready;
    const beside = await panel();
    expect(await within(beside).findByText(/^ada stopped it at/)).toBeDefined();
    expect(within(beside).queryByText('Load')).toBeNull();
    expect(within(beside).queryByText('Started')).toBeNull();
  });

  test('says nothing of a stop that a start came after, nor asks a viewer’s console for it', async () => {
    const later = entry('node.start', '2026-11-22T15:36:00.000Z');
    const first = open(`#/network?node=${PEER}`, { status: stopped, answers: audited(later, stop) });
    await first.ready;
    await waitFor(() => expect(first.client.calls.some(({ name }) => name === 'audit.list')).toBe(true));
    expect(await within(await panel()).findByText('peer0.alpha is stopped')).toBeDefined();
    expect(screen.queryByText(/stopped it at/)).toBeNull();
    cleanup();
    const second = open(`#/network?node=${PEER}`, {
      status: stopped,
      role: 'viewer',
      answers: audited(stop),
    });
    await second.ready;
    expect(await within(await panel()).findByText('peer0.alpha is stopped')).toBeDefined();
    expect(second.client.calls.some(({ name }) => name === 'audit.list')).toBe(false);
  });
});

describe('the palette', () => {
  test('stops, restarts and kills what runs, starts what does not, by asking the same question', async () => {
    const user = userEvent.setup();
    const { client, ready } = open('#/tasks', {
      status: stoppedPeer,
      answers: { 'task.list': () => [], 'node.start': () => aNode(PEER) },
    });
    await ready;
    await screen.findByRole('heading', { level: 1, name: 'Tasks' }, { timeout: PATIENCE_MS });
    const choose = async (text: string) => {
      await user.keyboard('{Control>}k{/Control}');
      await user.type(await screen.findByRole('combobox', { name: 'Find or do' }), text);
    };
    await choose('stop peer0.alpha');
    expect(screen.queryByRole('option', { name: /Stop peer0.alpha/ })).toBeNull();
    await user.keyboard('{Escape}');
    await choose('start peer0.alpha');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(client.calls).toContainEqual({ name: 'node.start', request: { node: PEER } }));
    await choose('restart peer1.beta');
    await user.keyboard('{Enter}');
    expect(
      await screen.findByRole('alertdialog', { name: 'Restart peer1.beta?' }, { timeout: PATIENCE_MS }),
    ).toBeDefined();
  });

  test('shows beside the node why a start failed', async () => {
    const user = userEvent.setup();
    const { ready } = open('#/tasks', {
      status: stoppedPeer,
      answers: {
        'task.list': () => [],
        'node.start': () => new FakeProblem(aProblem({ title: 'peer0.alpha did not start.' })),
      },
    });
    await ready;
    await screen.findByRole('heading', { level: 1, name: 'Tasks' }, { timeout: PATIENCE_MS });
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByRole('combobox', { name: 'Find or do' }), 'start peer0.alpha');
    await user.keyboard('{Enter}');
    const beside = await screen.findByRole('complementary', { name: PEER }, { timeout: PATIENCE_MS });
    expect(await within(beside).findByText('peer0.alpha did not start.')).toBeDefined();
  });

  test('offers a viewer to look at nodes only', async () => {
    const user = userEvent.setup();
    const { ready } = open('#/tasks', { role: 'viewer', answers: { 'task.list': () => [] } });
    await ready;
    await screen.findByRole('heading', { level: 1, name: 'Tasks' }, { timeout: PATIENCE_MS });
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByRole('combobox', { name: 'Find or do' }), 'peer0.alpha');
    expect(await screen.findByRole('option', { name: /Look at peer0.alpha/ })).toBeDefined();
    expect(screen.queryByRole('option', { name: /Stop peer0.alpha/ })).toBeNull();
  });
});

describe('the network as a whole', () => {
  test('is stopped after a question that names what stops and what stays', async () => {
    const user = userEvent.setup();
    const { client, ready } = open('#/network', { answers: { 'network.down': () => ({ stopped: 6 }) } });
    await ready;
    await user.click(await screen.findByRole('button', { name: 'Stop network' }, { timeout: PATIENCE_MS }));
    const question = await screen.findByRole('alertdialog', { name: 'Stop testnet?' });
    expect(question.textContent).toContain('1 orderer, 4 peers and 1 contract stop');
    expect(question.textContent).toContain('Keys and ledgers are kept');
    expect(document.activeElement?.textContent).toBe('Cancel');
    await user.click(within(question).getByRole('button', { name: 'Stop 6 nodes' }));
    await waitFor(() => expect(client.calls).toContainEqual({ name: 'network.down', request: {} }));
  });

  test('stopped, it still shows its nodes, says why nothing moves and offers to start it', async () => {
    const user = userEvent.setup();
    const off = {
      state: 'stopped' as const,
      channels: [],
      health: { status: 'failed' as const, reasons: [] },
    };
    const whole = aStatus({ state: 'stopped' });
    const status = { ...whole, nodes: whole.nodes.map((node) => ({ ...node, ...off })) };
    const { client, ready } = open('#/network', {
      status,
      answers: { 'network.up': () => ({ task: 't1' }) },
    });
    await ready;
    expect(await screen.findByText('The network is not running')).toBeDefined();
    expect(screen.getByText('cityflow up --detach')).toBeDefined();
    expect((await nodeOnMap(PEER)).textContent).toContain('stopped');
    await user.click(screen.getByRole('button', { name: 'Start network' }));
    expect(await screen.findByRole('link', { name: 'Starting: see its steps' })).toBeDefined();
    expect(client.calls).toContainEqual({ name: 'network.up', request: {} });
  });
});
