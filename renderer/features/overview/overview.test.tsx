import { act, cleanup, configure, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MetricSeries } from '../../../electron/api/metric-models';
import { App } from '../../app';
import { aProblem, FakeClient, FakeProblem } from '../../client/testing/fake-client';
import { aStatus, withNode } from '../../network/testing/status';
import { activityOf, newest, totalsOf } from './activity';
import { runsOf } from './spark';

configure({ asyncUtilTimeout: 10_000 });

// Views are loaded when they are opened; here that is not waited for.
beforeAll(async () => {
  await Promise.all([import('./overview'), import('../tasks/tasks')]);
}, 60_000);

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

const START = Date.parse('2026-11-22T12:00:00Z');
const STEP_MS = 10_000;

function measured(
  series: {
    name: MetricSeries['series'][number]['name'];
    labels?: Record<string, string>;
    values: (number | null)[];
  }[],
): MetricSeries {
  const steps = series[0]?.values.length ?? 4;
  const at = (step: number) => new Date(START + step * STEP_MS).toISOString();
  return {
    from: at(0),
    to: at(steps),
    stepMs: STEP_MS,
    times: Array.from({ length: steps }, (_, step) => at(step + 1)),
    series: series.map((one) => ({ node: 'peer0.alpha.test', labels: {}, ...one })),
    unread: [],
    scrape: { everyMs: 5000, last: at(steps), asked: 5, answered: 5 },
    absent: [],
  };
}

const valid = { channel: 'goods-channel', code: 'VALID' };
const conflict = { channel: 'goods-channel', code: 'MVCC_READ_CONFLICT' };
const someActivity = measured([
  { name: 'transactions', labels: valid, values: [null, 1, 4, 2] },
  { name: 'transactions', labels: { ...valid, channel: 'other-channel' }, values: [null, null, 1, 0] },
  { name: 'transactions', labels: conflict, values: [null, null, 0.5, 0] },
  { name: 'lag', values: [0, 0, 3, 0] },
  { name: 'commit.p50', values: [null, null, 4, null] },
  { name: 'commit.p95', values: [null, null, 12, null] },
]);

describe('what was measured', () => {
  test('is summed over channels; where nobody counted there is a gap, where somebody did a zero', () => {
    const { valid: good, failed } = activityOf(someActivity);
    expect(good).toEqual([null, 1, 5, 2]);
    expect(failed).toEqual([null, 0, 0.5, 0]);
  });

  test('is counted over the range, with its peak', () => {
    const totals = totalsOf(activityOf(someActivity));
    expect(totals).toEqual({ all: 85, failed: 5, peak: { value: 5.5, at: START + 3 * STEP_MS } });
  });

  test('has a newest value that is known', () => {
    const { commitP95, times } = activityOf(someActivity);
    expect(newest(commitP95, times)).toEqual({ value: 12, at: START + 3 * STEP_MS });
    expect(newest([null, null], times)).toBeUndefined();
  });

  test('nothing is no zero', () => {
    const nothing = activityOf(measured([]));
    expect(nothing.valid).toEqual([]);
    expect(totalsOf(nothing)).toEqual({ all: 0, failed: 0, peak: undefined });
  });

  test('a line breaks where nobody knows', () => {
    expect(runsOf([1, null, 2, 3]).map((run) => run.map(({ value }) => value))).toEqual([[1], [2, 3]]);
  });
});

function open(answers: FakeClient['answers'] = {}, hash = '/') {
  window.location.hash = hash;
  const client = new FakeClient({
    'network.status': () => aStatus(),
    'task.list': () => [],
    'identity.list': () => [],
    'ledger.blocks': () => [],
    'metrics.series': () => someActivity,
    ...answers,
  });
  render(<App client={client} />);
  return client;
}

const figure = async (name: string) =>
  (await screen.findByRole('link', { name: new RegExp(`^${name}`) })).textContent;

test('the figures say what is, and how it came to be', async () => {
  open();
  await screen.findByText(/5 of 85 transactions/);
  expect(await figure('Nodes up')).toContain('6 of 6');
  expect(await figure('Failed')).toContain('5.9 %');
  expect(await figure('Rate now')).toContain('2.00 tx/s');
  expect(await figure('Rate now')).toContain('peak 5.50');
  expect(await figure('Block commit')).toContain('12.0 ms p95');
});

test('figures of which nothing is known say so', async () => {
  open({ 'metrics.series': () => measured([]) });
  expect(await screen.findByText('No data yet')).toBeDefined();
  expect(await figure('Failed')).toBe('Failed– no data yet');
});

test('measurements that cannot be read are a problem in their place, and the rest stands', async () => {
  open({ 'metrics.series': () => new FakeProblem(aProblem({ title: 'The history is damaged' })) });
  expect(await screen.findByText('The history is damaged')).toBeDefined();
  expect(await figure('Nodes up')).toContain('6 of 6');
});

test('the chart is a picture with words, and a table', async () => {
  open();
  const chart = await screen.findByRole(
    'img',
    { name: /Committed transactions per second/ },
    { timeout: 10_000 },
  );
  expect(chart.getAttribute('aria-label')).toContain('85 transactions, 5 of them failed');
  expect(chart.querySelectorAll('rect.valid')).toHaveLength(3);
  expect(chart.querySelectorAll('rect.failed')).toHaveLength(1);
  await userEvent.setup().click(screen.getByRole('button', { name: 'Show as a table' }));
  expect(await screen.findByRole('table', { name: 'Committed transactions, tx/s' })).toBeDefined();
  expect(window.location.hash).toContain('table=true');
});

test('another range is asked for and stands in the address', async () => {
  const client = open();
  await userEvent.setup().click(await screen.findByRole('radio', { name: '6 h' }));
  expect(window.location.hash).toContain('minutes=360');
  expect(client.calls.findLast(({ name }) => name === 'metrics.series')?.request).toMatchObject({
    minutes: 360,
  });
});

test.each([
  ['exited', 'peer0.alpha is gone: it ended by itself'],
  ['killed', 'peer0.alpha is gone: it was killed from here'],
] as const)('a node that has %s is told so', async (state, words) => {
  open({ 'network.status': () => withNode('peer0.alpha.test', { state, channels: [] }) });
  expect(await screen.findByText(words)).toBeDefined();
});

test('what needs somebody leads to where it is shown', async () => {
  open({
    'network.status': () => withNode('peer0.alpha.test', { state: 'exited', channels: [] }),
    'identity.list': () => [
      {
        id: 'Alpha/operator',
        organization: 'Alpha',
        mspId: 'AlphaMSP',
        name: 'operator',
        role: 'client',
        attributes: {},
        expires: new Date(Date.now() + 86_400_000).toISOString(),
        fingerprint: '00',
        source: 'network',
        problem: null,
        channels: [],
      },
    ],
  });
  const down = await screen.findByRole('link', { name: /peer0.alpha is gone/ });
  expect(down.getAttribute('href')).toContain('/network/peer0.alpha.test');
  const expiring = await screen.findByRole('link', { name: /Alpha\/operator expires soon/ });
  expect(expiring.getAttribute('href')).toContain('/identities?identity=');
  const rail = screen.getByRole('navigation', { name: 'Views' });
  expect(within(rail).getByRole('link', { name: /Network.*1 thing to look at/ })).toBeDefined();
});

test('containers that the topology has otherwise lead to the table of them', async () => {
  const drift = ['memory limit: none, in the topology 512 MB'];
  const status = aStatus();
  open({ 'network.status': () => ({ ...status, nodes: status.nodes.map((node) => ({ ...node, drift })) }) });
  const link = await screen.findByRole('link', { name: /6 containers are not as the topology has them/ });
  expect(link.getAttribute('href')).toContain('/network?view=table&filter=drift');
});

test('what cannot be kept on disk is said while the network is stopped, too, and leads to where it is kept', async () => {
  const fault = {
    store: 'audit' as const,
    kind: 'failing' as const,
    file: '/h/audit.log',
    title: 'The audit log cannot be kept on disk.',
    detail: 'The disk is full.',
    hint: 'Free some space.',
    since: new Date().toISOString(),
  };
  open({ 'network.status': () => aStatus({ state: 'stopped', storeFaults: [fault] }) });
  const link = await screen.findByRole('link', { name: /audit log cannot be kept on disk.*Free some space/ });
  expect(link.getAttribute('href')).toContain('/settings?tab=kept');
  expect(screen.getByRole('button', { name: 'Start the network' })).toBeDefined();
});

test('blocks stay while those after a new height are read', async () => {
  let answer: (blocks: never[]) => void = () => undefined;
  const block = {
    number: '6',
    headerHash: 'aa',
    previousHash: 'bb',
    dataHash: 'cc',
    commitHash: null,
    transactions: [],
  };
  const client = open({
    'ledger.blocks': ({ to }) => (to === '6' ? [block] : new Promise((resolve) => (answer = resolve))),
  });
  const table = await screen.findByRole('table', { name: 'Last blocks' });
  const grown = aStatus();
  act(() =>
    client.streams
      .find(({ topic }) => topic === 'network.status')
      ?.send([{ ...grown, channels: grown.channels.map((channel) => ({ ...channel, height: '8' })) }]),
  );
  await screen.findByText('8', { selector: 'b' });
  expect(within(table).getByText('6')).toBeDefined();
  answer([]);
});

test('verifying the ledgers is a task for each, shown where tasks are', async () => {
  const client = open({ 'ledger.verify': () => ({ task: 't' }) });
  await userEvent.setup().click(await screen.findByRole('button', { name: 'Verify ledgers' }));
  await screen.findByRole('heading', { level: 1, name: 'Tasks' });
  expect(client.calls.filter(({ name }) => name === 'ledger.verify').map(({ request }) => request)).toEqual([
    { channel: 'goods-channel' },
  ]);
});
