import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import type { NetworkStatus } from '../../../electron/api/models';
import { App } from '../../app';
import { aProblem, FakeClient, FakeProblem } from '../../client/testing/fake-client';
import { aNode, aStatus } from '../../network/testing/status';
// What the router loads when it is needed is there before a test's time begins.
import './node-page';
import { aDetail } from './testing/detail';

const PEER = 'peer0.alpha.test';
const PATIENCE_MS = 20_000;

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

async function open(hash: string, answers: FakeClient['answers'] = {}, status: NetworkStatus = aStatus()) {
  window.location.hash = hash;
  const client = new FakeClient({
    'identity.list': () => [],
    'node.show': ({ node }) => aDetail(status.nodes.find(({ name }) => name === node) ?? aNode(node)),
    'node.impact': ({ node, action }) => ({
      node,
      action,
      effect: 'goes on',
      summary: `Everything goes on without ${node}.`,
      effects: [{ channel: 'goods-channel', contract: null, effect: 'goes on', reason: 'Others are up.' }],
    }),
    ...answers,
  });
  render(<App client={client} />);
  await waitFor(() => expect(client.streams.some(({ topic }) => topic === 'network.status')).toBe(true), {
    timeout: PATIENCE_MS,
  });
  act(() => {
    for (const stream of client.streams) if (stream.topic === 'network.status') stream.send([status]);
  });
  return client;
}

test('the summary says how the node is and by what it is judged, its channels and its certificates', async () => {
  await open(`#/network/${PEER}`);
  const checks = await screen.findByRole('table', { name: 'Health checks' }, { timeout: PATIENCE_MS });
  expect(within(checks).getByText('/healthz says OK.')).toBeDefined();
  expect(within(checks).getByText('not offered')).toBeDefined();
  expect(screen.getByRole('heading', { level: 1, name: 'peer0.alpha' })).toBeDefined();
  const channels = screen.getByRole('table', { name: `Channels of ${PEER}` });
  expect(channels.textContent).toContain('goods-channel7level');
  const identity = screen.getByRole('region', { name: /^Identity/ });
  expect(identity.textContent).toContain('CN=peer0.alpha.test');
  expect(identity.textContent).toContain('expires in');
  const tls = screen.getByRole('region', { name: /^TLS/ });
  expect(tls.textContent).toContain('localhost, 127.0.0.1');
  expect(tls.textContent).toContain('expired');
  expect(await screen.findByText('Nothing breaks if I stop this')).toBeDefined();
});

test('tabs stand in the address', async () => {
  const user = userEvent.setup();
  await open(`#/network/${PEER}`);
  await user.click(await screen.findByRole('tab', { name: 'Configuration' }, { timeout: PATIENCE_MS }));
  await waitFor(() => expect(window.location.hash).toContain('tab=configuration'));
  expect(await screen.findByLabelText(`Settings of ${PEER}`)).toBeDefined();
});

test('settings are shown as the file they override, beside commands to copy', async () => {
  const user = userEvent.setup();
  await open(`#/network/${PEER}?tab=configuration`);
  const settings = await screen.findByLabelText(`Settings of ${PEER}`, {}, { timeout: PATIENCE_MS });
  expect(settings.textContent).toBe(
    'peer:\n  gossip:\n    bootstrap: localhost:7151\n  id: peer0.alpha.test',
  );
  await user.click(screen.getByLabelText('Copy the command: Stop'));
  expect(await navigator.clipboard.readText()).toBe(`cityflow nodes stop ${PEER}`);
});

test('the environment can be filtered and copied whole', async () => {
  const user = userEvent.setup();
  await open(`#/network/${PEER}?tab=environment`);
  const environment = await screen.findByLabelText(`Environment of ${PEER}`, {}, { timeout: PATIENCE_MS });
  expect(within(environment).getAllByRole('row')).toHaveLength(4);
  await user.type(screen.getByLabelText('Filter variables'), 'gossip');
  expect(within(environment).getAllByRole('row')).toHaveLength(2);
  await user.click(screen.getByLabelText('Copy the whole environment'));
  expect(await navigator.clipboard.readText()).toContain('CORE_PEER_ID=peer0.alpha.test\n');
});

test('a name that no node has is said in place of the page', async () => {
  await open('#/network/peer9.nowhere.test');
  expect(
    await screen.findByText('There is no node peer9.nowhere.test', {}, { timeout: PATIENCE_MS }),
  ).toBeDefined();
  expect(screen.getByText('cityflow nodes list')).toBeDefined();
});

test('a beginning that only one node has is enough, as on the command line', async () => {
  await open('#/network/goods');
  expect(
    await screen.findByText('contract goods of goods-channel', {}, { timeout: PATIENCE_MS }),
  ).toBeDefined();
});

test('what could not be asked is a problem in its place, while state and actions stay', async () => {
  const user = userEvent.setup();
  let fails = true;
  await open(`#/network/${PEER}`, {
    'node.show': () => (fails ? new FakeProblem(aProblem({ title: 'No answer.' })) : aDetail(aNode(PEER))),
  });
  expect(await screen.findByText('No answer.', {}, { timeout: PATIENCE_MS })).toBeDefined();
  expect(screen.getByRole('button', { name: 'Stop…' })).toBeDefined();
  fails = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('table', { name: 'Health checks' })).toBeDefined();
});

test('a connection that is lost leaves the page as it was and says how old it is', async () => {
  const client = await open(`#/network/${PEER}`);
  await screen.findByRole('table', { name: 'Health checks' }, { timeout: PATIENCE_MS });
  act(() =>
    client.become({
      kind: 'lost',
      since: Date.now(),
      retryAt: Date.now() + 1000,
      attempt: 1,
      problem: aProblem({ code: 'CONNECTION_LOST', title: 'The service does not answer.' }),
    }),
  );
  expect(await screen.findByText('Connection lost')).toBeDefined();
  expect(screen.getByRole('table', { name: 'Health checks' })).toBeDefined();
});

test('a peer that stops under its open log is said to be stopped; the log stays and goes on when it is back', async () => {
  const client = await open(`#/network/${PEER}?tab=logs`);
  const logs = () => client.streams.filter(({ topic }) => topic === 'node.logs');
  await waitFor(() => expect(logs()).toHaveLength(1), { timeout: PATIENCE_MS });
  const event = (words: string, position: string) => ({
    line: `2026-11-22 10:00:00.000 UTC 0001 INFO [city] f -> ${words}`,
    position,
  });
  // Its last page, then what is followed.
  act(() => {
    logs()[0]?.send([event('last words', '1')]);
    logs()[0]?.end();
  });
  await waitFor(() => expect(logs()).toHaveLength(2));
  const lines = () => screen.queryAllByRole('row').map((row) => row.textContent ?? '');
  const become = (state: 'stopped' | 'running') =>
    act(() => {
      const status = aStatus();
      const nodes = status.nodes.map((node) =>
        node.name === PEER
          ? { ...node, state, health: { status: 'failed' as const, reasons: [`It is ${state}.`] } }
          : node,
      );
      for (const stream of client.streams) {
        if (stream.topic === 'network.status') stream.send([{ ...status, nodes }]);
      }
    });
  await waitFor(() => expect(lines()).toEqual([expect.stringContaining('last words')]));
  become('stopped');
  expect(await screen.findByRole('heading', { name: 'peer0.alpha is stopped' })).toBeDefined();
  expect(lines()).toHaveLength(1);
  expect(document.querySelector('[aria-busy="true"]')).toBeNull();
  become('running');
  act(() => logs()[1]?.send([event('first words', '2')]));
  await waitFor(() =>
    expect(lines()).toEqual([expect.stringContaining('last words'), expect.stringContaining('first words')]),
  );
  await waitFor(() => expect(screen.queryByRole('heading', { name: 'peer0.alpha is stopped' })).toBeNull());
  // Followed all along: nothing was asked for twice.
  expect(logs()).toHaveLength(2);
});
