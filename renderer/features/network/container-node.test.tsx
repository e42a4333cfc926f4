import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import type { ContainerFacts } from '../../../electron/api/node-models';
import type { Role } from '../../../electron/api/operations';
import { App } from '../../app';
import { FakeClient } from '../../client/testing/fake-client';
import { aNode, aStatus, withNode } from '../../network/testing/status';
// What the router loads when it is needed is there before a test's time begins.
import './network';
import './node-page';
import { aDetail } from './testing/detail';

const PEER = 'peer0.alpha.test';
const PATIENCE_MS = 20_000;

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

const aContainer = (change: Partial<ContainerFacts> = {}): ContainerFacts => ({
  name: 'testnet_peer0.alpha.test',
  id: '1140dc9207d0',
  image: 'hyperledger/fabric-peer:2.5.4',
  imageDigest: 'sha256:abcdef0123456789abcdef0123456789',
  volume: 'testnet_peer0.alpha.test',
  restarts: 2,
  memoryLimitBytes: 512 * 1024 * 1024,
  processorLimit: 1.5,
  drift: [],
  network: { receivedBytes: 3 * 1024 * 1024, sentBytes: 2048 },
  disk: null,
  ...change,
});

const drifted = aContainer({ drift: ['memory limit: none, in the topology 512 MB'] });

interface Opened {
  readonly container?: ContainerFacts | null;
  readonly role?: Role;
  readonly status?: NetworkStatus;
  readonly answers?: FakeClient['answers'];
}

async function open(
  hash: string,
  { container = aContainer(), role = 'admin', status = aStatus(), answers = {} }: Opened = {},
) {
  window.location.hash = hash;
  let shown = status;
  const nodeNow = (name: string): NodeStatus => shown.nodes.find((node) => node.name === name) ?? aNode(name);
  const client = new FakeClient({
    'identity.list': () => [],
    'audit.list': () => ({ entries: [], problem: null }),
    'node.show': ({ node }) => aDetail(nodeNow(node), { container }),
    'node.impact': ({ node, action }) => ({
      node,
      action,
      effect: 'weakens',
      summary: `Without ${node}, goods-channel is weaker.`,
      effects: [{ channel: 'goods-channel', contract: 'goods', effect: 'weakens', reason: 'One is left.' }],
    }),
    ...answers,
  });
  client.role = role;
  render(<App client={client} />);
  await waitFor(() => expect(client.streams.some(({ topic }) => topic === 'network.status')).toBe(true), {
    timeout: PATIENCE_MS,
  });
  const tell = (next: NetworkStatus) =>
    act(() => {
      shown = next;
      for (const stream of client.streams) if (stream.topic === 'network.status') stream.send([next]);
    });
  tell(status);
  return { client, tell, user: userEvent.setup() };
}

const question = (name: string) => screen.findByRole('alertdialog', { name }, { timeout: PATIENCE_MS });
const stopped = withNode(PEER, { state: 'stopped', channels: [], pid: null });
const paused = withNode(PEER, {
  state: 'paused',
  channels: [],
  health: { status: 'failed', reasons: ['It is paused.'] },
});

test('a node in a container says which one it is, of what it is made and what it may take', async () => {
  await open(`#/network/${PEER}`);
  const panel = await screen.findByRole('region', { name: /^Container/ }, { timeout: PATIENCE_MS });
  const facts = new Map(
    within(panel)
      .getAllByRole('term')
      .map((term) => [term.textContent, term.nextElementSibling?.textContent]),
  );
  expect(Object.fromEntries(facts)).toMatchObject({
    Name: 'testnet_peer0.alpha.test',
    Id: '1140dc9207d0',
    Image: 'hyperledger/fabric-peer:2.5.4',
    Digest: 'abcdef…456789',
    'Ledger volume': 'testnet_peer0.alpha.test',
    'Started again': '2 times by the engine',
    'Memory limit': '512 MB',
    'Processor limit': '1.5 cores',
    Network: '3.0 MB received, 2.0 KB sent',
    Disk: 'not counted by the engine',
  });
  expect(screen.queryByText('Not as the topology has it')).toBeNull();
});

test('a container that is not as the topology has it says where, and is made anew when asked', async () => {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  let container = drifted;
  const { client, tell, user } = await open(`#/network?node=${PEER}`, {
    answers: {
      'node.show': ({ node }) => aDetail(aNode(node), { container }),
      'node.recreate': () => done.then(() => aNode(PEER)),
    },
  });
  const notice = await screen.findByRole(
    'region',
    { name: 'Not as the topology has it' },
    { timeout: PATIENCE_MS },
  );
  expect(within(notice).getByText('Memory limit: none, in the topology 512 MB')).toBeDefined();
  await user.click(within(notice).getByRole('button', { name: 'Make it anew…' }));
  const asks = await question('Make peer0.alpha anew?');
  expect(await within(asks).findByText(`Without ${PEER}, goods-channel is weaker.`)).toBeDefined();
  expect(asks.textContent).toContain('Its ledger stays in the volume testnet_peer0.alpha.test');
  await user.click(within(asks).getByRole('button', { name: 'Make peer0.alpha anew' }));
  expect(client.calls).toContainEqual({ name: 'node.recreate', request: { node: PEER } });
  // On the way it is stopped: the question stays until it is over.
  tell(stopped);
  expect(screen.getByRole('alertdialog', { name: 'Make peer0.alpha anew?' })).toBeDefined();
  container = aContainer();
  tell(aStatus());
  finish();
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  expect(screen.queryByText('Not as the topology has it')).toBeNull();
  expect(await screen.findByText('peer0.alpha was made anew.')).toBeDefined();
});

test('the table of nodes marks what is not as the topology has it, and finds it', async () => {
  const status = withNode(PEER, { drift: ['memory limit: none, in the topology 512 MB'] });
  await open('#/network?view=table&filter=drift', { status });
  expect(await screen.findByText('1 of 6 nodes')).toBeDefined();
  const row = screen.getByRole('row', { name: /peer0\.alpha/ });
  expect(within(row).getByText('drift').closest('[title]')?.getAttribute('title')).toBe(
    'Not as the topology has it: memory limit: none, in the topology 512 MB',
  );
});

test('a node is paused after a question, and goes on at a press', async () => {
  const { client, tell, user } = await open(`#/network?node=${PEER}`, {
    container: null,
    answers: { 'node.pause': () => aNode(PEER), 'node.resume': () => aNode(PEER) },
  });
  const beside = await screen.findByRole('complementary', { name: PEER }, { timeout: PATIENCE_MS });
  await user.click(within(beside).getByRole('button', { name: /^More/ }));
  await user.click(await screen.findByRole('menuitem', { name: /^Pause/ }));
  const asks = await question('Pause peer0.alpha?');
  expect(asks.textContent).toContain('answers nothing');
  await user.click(within(asks).getByRole('button', { name: 'Pause peer0.alpha' }));
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  expect(client.calls).toContainEqual({ name: 'node.pause', request: { node: PEER } });
  tell(paused);
  expect(await within(beside).findByText('peer0.alpha is paused')).toBeDefined();
  expect(within(beside).getByRole('button', { name: 'Stop…' })).toBeDefined();
  expect(within(beside).queryByRole('button', { name: 'Start' })).toBeNull();
  await user.click(within(beside).getByRole('button', { name: 'Resume' }));
  await waitFor(() => expect(client.calls).toContainEqual({ name: 'node.resume', request: { node: PEER } }));
});

test('who paused a node is said', async () => {
  await open(`#/network/${PEER}`, {
    status: paused,
    answers: {
      'audit.list': () => ({
        problem: null,
        entries: [
          {
            at: '2026-11-22T15:35:57.000Z',
            user: 'ada',
            role: 'admin',
            operation: 'node.pause',
            identity: null,
            request: { node: PEER },
            outcome: 'OK',
            transactionId: null,
            task: null,
            durationMs: 30,
          },
        ],
      }),
    },
  });
  expect(await screen.findByText(/^ada paused it at/, {}, { timeout: PATIENCE_MS })).toBeDefined();
});

test('a container is removed after a question that says that the ledger stays', async () => {
  const { client, user } = await open(`#/network/${PEER}`, {
    status: stopped,
    answers: { 'node.remove': () => aNode(PEER, { state: 'stopped' }) },
  });
  await screen.findByRole('region', { name: /^Container/ }, { timeout: PATIENCE_MS });
  await user.click(screen.getByRole('button', { name: /^More/ }));
  await user.click(await screen.findByRole('menuitem', { name: /^Remove container/ }));
  const asks = await question('Remove the container of peer0.alpha?');
  expect(asks.textContent).toContain('Its ledger stays in the volume testnet_peer0.alpha.test');
  expect(document.activeElement?.textContent).toBe('Cancel');
  await user.click(within(asks).getByRole('button', { name: 'Remove the container of peer0.alpha' }));
  await waitFor(() => expect(client.calls).toContainEqual({ name: 'node.remove', request: { node: PEER } }));
});

test('of a node that is a process there is no container to remove or to make anew', async () => {
  const { user } = await open(`#/network/${PEER}?ask=recreate`, { container: null });
  await screen.findByRole('table', { name: 'Health checks' }, { timeout: PATIENCE_MS });
  expect(screen.queryByRole('alertdialog')).toBeNull();
  await user.click(screen.getByRole('button', { name: /^More/ }));
  expect(await screen.findByRole('menuitem', { name: /^Pause/ })).toBeDefined();
  expect(screen.queryByRole('menuitem', { name: /anew|container/ })).toBeNull();
});

test('a viewer sees what differs, and is told why it cannot be changed', async () => {
  const { client, user } = await open(`#/network/${PEER}?ask=remove`, { container: drifted, role: 'viewer' });
  const notice = await screen.findByRole(
    'region',
    { name: 'Not as the topology has it' },
    { timeout: PATIENCE_MS },
  );
  expect(screen.queryByRole('alertdialog')).toBeNull();
  const anew = within(notice).getByRole('button', { name: 'Make it anew…' });
  expect(anew.getAttribute('aria-disabled')).toBe('true');
  await user.click(anew);
  await user.click(screen.getByRole('button', { name: /^More/ }));
  for (const name of [/^Pause/, /^Make it anew/, /^Remove container/]) {
    const entry = await screen.findByRole('menuitem', { name });
    expect(entry.getAttribute('aria-disabled')).toBe('true');
    expect(entry.textContent).toContain('needs the role admin');
  }
  expect(client.calls.every(({ name }) => !/^node\.(recreate|remove|pause)$/.test(name))).toBe(true);
});
