import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MetricSeries } from '../../../electron/api/metric-models';
import { defaultSettings } from '../../../electron/api/settings';
import { App } from '../../app';
import { aProblem, FakeClient, FakeProblem } from '../../client/testing/fake-client';
import { aStatus } from '../../network/testing/status';

const alpha = 'peer0.alpha.test';
const beta = 'peer0.beta.test';
const channel = 'goods-channel';
/** The view and what draws charts are loaded while a test waits. */
const PATIENCE = { timeout: 25_000 };

/** Six steps of ten seconds. */
const first = Date.parse('2026-01-01T12:00:00.000Z');
const at = (step: number) => new Date(first + step * 10_000).toISOString();

type Series = MetricSeries['series'][number];
const series = (
  name: Series['name'],
  node: string | null,
  values: Series['values'],
  labels = {},
): Series => ({
  name,
  node,
  labels: { channel, ...labels },
  values,
});

const anAnswer = (change: Partial<MetricSeries> = {}): MetricSeries => ({
  from: at(0),
  to: at(6),
  stepMs: 10_000,
  times: [1, 2, 3, 4, 5, 6].map(at),
  series: [
    series('transactions', null, [0, 1.5, 3, 2, 0, null], { code: 'VALID', contract: 'goods' }),
    series('transactions', null, [0, 0, 0.5, 0, 0, null], { code: 'MVCC_READ_CONFLICT', contract: 'goods' }),
    series('lag', alpha, [0, 0, 0, 0, 0, 0]),
    series('lag', beta, [0, 4, null, null, 2, 1]),
    series('memory', alpha, [1_048_576, 2_097_152, 2_097_152, 2_097_152, 2_097_152, 3_145_728], {}),
  ],
  unread: [{ node: beta, from: at(2), to: at(4) }],
  scrape: { everyMs: 5_000, last: at(6), asked: 5, answered: 4 },
  absent: [
    ...[alpha, beta].map((node) => ({ name: 'gossip.known' as const, node, reason: 'not-offered' as const })),
    ...[alpha, beta].map((node) => ({
      name: 'endorsement.p95' as const,
      node,
      reason: 'no-data-yet' as const,
    })),
    { name: 'blockFill.p95', node: 'orderer.test', reason: 'not-reached' },
  ],
  ...change,
});

function open(answer: FakeClient['answers']['metrics.series'] = () => anAnswer(), address = '/metrics') {
  window.location.hash = address;
  const client = new FakeClient({
    'network.status': () => aStatus(),
    'task.list': () => [],
    'identity.list': () => [],
    'settings.get': () => defaultSettings,
    'metrics.catalogue': () => [
      {
        name: 'gossip.known',
        title: 'Peers known by gossip',
        unit: 'count',
        roles: ['peer'],
        labels: ['channel'],
        description: '',
        fabric: ['gossip_membership_total_peers_known'],
      },
    ],
    'metrics.series': answer,
  });
  render(<App client={client} />);
  return { client, user: userEvent.setup() };
}

/** By its heading: asking a dozen drawings for their roles takes seconds. */
async function panel(name: string): Promise<HTMLElement> {
  const heading = await screen.findByText(name, { selector: 'h2' }, PATIENCE);
  const section = heading.closest('section');
  if (!section) throw new Error(`${name} is not the heading of a panel.`);
  return section;
}
const asked = (client: FakeClient) => client.calls.filter(({ name }) => name === 'metrics.series');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: first + 61_000 });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
  window.location.hash = '';
});

test('a chart says its unit, its newest values, and itself in words', async () => {
  open();
  const committed = await panel('Committed');
  expect(committed.textContent).toContain('tx/s, valid');
  const figure = await within(committed).findByRole('figure');
  expect(figure.getAttribute('aria-label')).toMatch(
    /^Committed, tx\/s, valid, .*all channels from 0 to 3.00, now 0/,
  );
  await waitFor(() => expect(figure.querySelector('svg.recharts-surface path')).not.toBeNull(), PATIENCE);
  const failed = await panel('Failed validation');
  await waitFor(() => expect(failed.textContent).toContain('MVCC'));
  const memory = await panel('Memory');
  await waitFor(() => expect(memory.textContent).toMatch(/AL\s*3\.00/));
});

test('absent is not zero, and each of the three reasons says what it is', async () => {
  open();
  const gossip = await panel('Peers known by gossip');
  expect(gossip.textContent).toContain('Not offered by these nodes');
  expect(gossip.textContent).toContain('gossip_membership_total_peers_known');
  const endorsement = await panel('Endorsement');
  expect(endorsement.textContent).toContain('No data yet');
  expect(endorsement.textContent).toContain('no call of a contract was endorsed');
  expect((await panel('Block fill')).textContent).toContain('Not reached');
  expect(within(gossip).queryByRole('figure')).toBeNull();
});

test('transactions of which none failed are told from none at all', async () => {
  const valid = series('transactions', null, [0, 1, 0, 0, 0, 0], { code: 'VALID', contract: 'goods' });
  open(() => anAnswer({ series: [valid] }));
  expect((await panel('Failed validation')).textContent).toContain('None failed');
});

test('a gap stays a gap: in the drawing, at the cursor, in the table', async () => {
  const { user } = open(() =>
    anAnswer({
      unread: [alpha, beta, 'peer1.alpha.test', 'peer1.beta.test'].map((node) => ({
        node,
        from: at(2),
        to: at(4),
      })),
    }),
  );
  const lag = await panel('Height lag');
  await waitFor(() => expect(lag.querySelectorAll('.chart-gap')).toHaveLength(1), PATIENCE);
  const slider = within(lag).getByRole('slider');
  slider.focus();
  await user.keyboard('{Home}{ArrowRight}{ArrowRight}');
  expect(slider.getAttribute('aria-valuetext')).toMatch(/Beta no scrape/);
  expect(lag.querySelector('.chart-legend')?.textContent).toMatch(/BE\s*–/);
  await user.click(within(lag).getByRole('button', { name: 'Height lag as table' }));
  const table = await within(lag).findByRole('table', { name: /Height lag, blocks/ });
  expect(
    within(table)
      .getAllByRole('columnheader')
      .map((head) => head.textContent),
  ).toEqual(['Time', 'AL', 'BE']);
  expect(window.location.hash).toContain('tables');
});

test('arrows move one cursor through all charts, its values stand in the legends, Esc takes it away', async () => {
  const { user } = open();
  const committed = await panel('Committed');
  const slider = await within(committed).findByRole('slider', {}, PATIENCE);
  slider.focus();
  await user.keyboard('{Home}{ArrowRight}{ArrowRight}');
  expect(committed.querySelector('.chart-legend')?.textContent).toMatch(/all channels\s*3\.00/);
  const memory = await panel('Memory');
  expect(memory.querySelector('.chart-legend')?.textContent).toMatch(/AL\s*2\.00/);
  expect(memory.querySelector('.chart-cursor')).not.toBeNull();
  const logs = screen.getByText('Logs of this moment');
  expect(decodeURIComponent(logs.getAttribute('href') ?? '')).toContain(`at=${at(3)}`);
  await waitFor(() => expect(decodeURIComponent(window.location.hash)).toContain(at(3)), PATIENCE);
  await user.keyboard('{Escape}');
  expect(memory.querySelector('.chart-cursor')).toBeNull();
  expect(screen.queryByText('Logs of this moment')).toBeNull();
});

test('a range drawn over a chart is asked for and stands in the address', async () => {
  const { client } = open();
  const committed = await panel('Committed');
  const slider = await within(committed).findByRole('slider', {}, PATIENCE);
  slider.setPointerCapture = () => undefined;
  vi.spyOn(slider, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 600, 100));
  fireEvent.pointerDown(slider, { button: 0, clientX: 100, pointerId: 1 });
  fireEvent.pointerMove(slider, { clientX: 300, pointerId: 1 });
  fireEvent.pointerUp(slider, { clientX: 400, pointerId: 1 });
  await waitFor(() => expect(asked(client).at(-1)?.request).toMatchObject({ from: at(1), to: at(4) }));
  expect(decodeURIComponent(window.location.hash)).toContain(at(1));
});

test('what is shown stays while another range is read', async () => {
  let release: (answer: MetricSeries) => void = () => undefined;
  const later = new Promise<MetricSeries>((resolve) => (release = resolve));
  const { user } = open((request) => (request.minutes === 60 ? later : anAnswer()));
  await panel('Committed');
  await user.click(screen.getByText('1 h'));
  expect(screen.getByText('Committed', { selector: 'h2' })).toBeDefined();
  release(anAnswer({ scrape: { everyMs: 5_000, last: at(6), asked: 9, answered: 9 } }));
  await waitFor(() => expect(screen.getByText('9 of 9 nodes read every 5 s')).toBeDefined());
});

test('the tab, the nodes and the range of the address are what is asked for', async () => {
  const { client } = open(
    () => anAnswer(),
    '/metrics?tab=peers&minutes=360&organizations=%5B%22Alpha%22%5D&nodes=%5B%22peer0.beta.test%22%5D',
  );
  await panel('Proposals');
  const request = asked(client).at(-1)?.request;
  expect(request).toMatchObject({
    minutes: 360,
    nodes: ['peer0.alpha.test', 'peer1.alpha.test', 'peer0.beta.test', 'goods.alpha.test'],
  });
  expect(screen.getByLabelText('Nodes shown: 4 nodes')).toBeDefined();
});

test('an address that makes no sense shows the usual range', async () => {
  const { client } = open(() => anAnswer(), '/metrics?tab=nonsense&from=never&to=2026-01-01&minutes=-4');
  await panel('Committed');
  expect(asked(client).at(-1)?.request).toMatchObject({ minutes: 15 });
});

test('a problem stands in place of what was never read, with a way to try again', async () => {
  let fails = true;
  const { user } = open(() =>
    fails ? new FakeProblem(aProblem({ title: 'The core does not answer' })) : anAnswer(),
  );
  const alert = await screen.findByRole('alert', {}, PATIENCE);
  expect(alert.textContent).toContain('The core does not answer');
  fails = false;
  await user.click(within(alert).getByRole('button', { name: 'Try again' }));
  await panel('Committed');
});

test('all charts of a tab are one file, unknown values empty', async () => {
  const saved: Blob[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    if (blob instanceof Blob) saved.push(blob);
    return 'blob:nowhere';
  });
  const { user } = open();
  await panel('Committed');
  await user.click(screen.getByLabelText('All charts as one CSV file'));
  const lines = (await saved[0]?.text())?.split('\r\n') ?? [];
  expect(lines[0]).toContain('"Committed (tx/s, valid): all channels"');
  expect(lines[3]).toMatch(new RegExp(`^${at(3)},3,`));
  expect(lines[6]).toMatch(new RegExp(`^${at(6)},,`));
});
