import { act, cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { DoctorCheck } from '../../../electron/api/connect-models';
import type { TaskModel } from '../../../electron/api/models';
import { App } from '../../app';
import { aProblem, FakeClient, FakeProblem } from '../../client/testing/fake-client';
import { aStatus } from '../../network/testing/status';
import { refusalOf } from './runtimes';

configure({ asyncUtilTimeout: 10_000 });

// Views are loaded when they are opened; here that is not waited for.
beforeAll(async () => {
  await Promise.all([import('./connect'), import('../overview/overview')]);
}, 60_000);

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

const status = aStatus();
const neverStarted = {
  ...status,
  runtime: null,
  state: 'stopped' as const,
  nodes: status.nodes.map((node) => ({ ...node, state: 'stopped' as const, channels: [] })),
  channels: status.channels.map((channel) => ({ ...channel, height: null, contract: null })),
};

const embedded = {
  name: 'embedded' as const,
  about: 'Own.',
  isAvailable: true,
  detail: 'Comes with it.',
  hint: '',
};
const native = {
  name: 'native' as const,
  about: 'Genuine.',
  isAvailable: false,
  detail: 'peer is not on the PATH.',
  hint: 'Set FABRIC_BIN.',
};

const aTask = (change: Partial<TaskModel>): TaskModel => ({
  id: 't1',
  operation: 'network.up',
  title: 'network.up',
  state: 'running',
  started: new Date().toISOString(),
  finished: null,
  steps: [{ name: 'Start nodes', state: 'running', startedMs: 0, durationMs: null, detail: '' }],
  log: [],
  result: null,
  problem: null,
  ...change,
});

function open(answers: FakeClient['answers'] = {}, hash = '') {
  window.location.hash = hash;
  const client = new FakeClient({
    'network.status': () => neverStarted,
    'task.list': () => [],
    'identity.list': () => [],
    'runtime.list': () => [embedded, native],
    'network.list': () => [
      {
        name: 'testnet',
        folder: '/home/networks/testnet',
        isCurrent: true,
        supervisor: 1,
        ledgersBy: null,
        hasOwnTopology: false,
        changed: new Date().toISOString(),
      },
      {
        name: 'other',
        folder: '/home/networks/other',
        isCurrent: false,
        supervisor: null,
        ledgersBy: 'genuine',
        hasOwnTopology: true,
        changed: new Date().toISOString(),
      },
    ],
    'network.up': () => ({ task: 't1' }),
    'ledger.blocks': () => [],
    ...answers,
  });
  render(<App client={client} />);
  return client;
}

const heading = (name: string) => screen.findByRole('heading', { level: 1, name });

test('a network that was never started is started here; once it is ready, the overview follows', async () => {
  const client = open();
  await heading('Connect');
  expect(await screen.findByText('testnet was never started')).toBeDefined();
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: /embedded runtime/ }));
  expect(client.calls.at(-1)).toEqual({ name: 'network.up', request: { runtime: 'embedded' } });
  const tasks = client.streams.find(({ topic }) => topic === 'tasks');
  const inHeader = { selector: '.network-badge small' };
  expect(screen.getByText('stopped', inHeader)).toBeDefined();
  act(() => tasks?.send([{ all: false, tasks: [aTask({})] }]));
  expect(await screen.findByText('starting', inHeader)).toBeDefined();
  const steps = await screen.findByRole('list', { name: 'Steps' });
  expect(within(steps).getByText('Start nodes')).toBeDefined();
  act(() => client.streams.find(({ topic }) => topic === 'network.status')?.send([status]));
  act(() =>
    tasks?.send([{ all: false, tasks: [aTask({ state: 'done', finished: new Date().toISOString() })] }]),
  );
  await heading('Overview');
  expect(await screen.findByText('The network is ready.')).toBeDefined();
});

test('a start in containers is chosen here, and says of each image how far it is', async () => {
  const docker = { ...embedded, name: 'docker', about: 'Genuine nodes in containers.' } as const;
  const step = {
    name: 'Images, certificates, genesis blocks, packages',
    state: 'running',
    startedMs: 0,
    durationMs: null,
    detail: 'hyperledger/fabric-peer:2.5.4: pulling, 41 %; hyperledger/fabric-orderer:2.5.4: ready',
  } as const;
  const client = open({ 'runtime.list': () => [embedded, docker] });
  await heading('Connect');
  await userEvent.setup().click(await screen.findByRole('button', { name: /docker runtime/ }));
  expect(client.calls.at(-1)).toEqual({ name: 'network.up', request: { runtime: 'docker' } });
  act(() =>
    client.streams
      .find(({ topic }) => topic === 'tasks')
      ?.send([{ all: false, tasks: [aTask({ steps: [step] })] }]),
  );
  expect(await screen.findByText('hyperledger/fabric-peer:2.5.4: pulling, 41 %')).toBeDefined();
  expect(screen.getByText('hyperledger/fabric-orderer:2.5.4: ready')).toBeDefined();
});

test('what cannot run it says why, and takes no press', async () => {
  const client = open();
  await heading('Connect');
  const button = await screen.findByRole('button', { name: /native runtime/ });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(screen.getByText('Set FABRIC_BIN.')).toBeDefined();
  await userEvent.setup().click(button);
  expect(client.calls.filter(({ name }) => name === 'network.up')).toEqual([]);
});

test('a start that failed says why and what to do, and can be tried again', async () => {
  const problem = aProblem({ code: 'PORT_TAKEN', title: 'Port 7050 is taken.', hint: 'Stop that process.' });
  open({
    'task.list': () => [aTask({ state: 'failed', finished: new Date().toISOString(), problem })],
  });
  await heading('Connect');
  expect(await screen.findByText('Port 7050 is taken.')).toBeDefined();
  expect(screen.getByText('Stop that process.')).toBeDefined();
  const start = await screen.findByRole('button', { name: /embedded runtime/ });
  expect(start.getAttribute('aria-disabled')).toBeNull();
});

test('a console whose network is being started opens on its steps', async () => {
  open({
    'network.status': () => ({ ...neverStarted, runtime: 'embedded', state: 'starting' }),
    'task.list': () => [aTask({})],
  });
  await heading('Connect');
  expect(await screen.findByRole('list', { name: 'Steps' })).toBeDefined();
});

test('a console whose network runs, or was stopped, opens on the overview', async () => {
  open({ 'network.status': () => ({ ...neverStarted, runtime: 'embedded' }) });
  await heading('Overview');
  expect(await screen.findByText('The network is not running')).toBeDefined();
});

test('other networks are named with the command that opens them', async () => {
  open();
  await heading('Connect');
  const table = await screen.findByRole('table', { name: 'Saved networks' });
  expect(within(table).getByText('npm start -- --network other')).toBeDefined();
  expect(within(table).getByText('written by genuine Fabric')).toBeDefined();
});

const check = (name: DoctorCheck['check'], change: Partial<DoctorCheck> = {}): DoctorCheck => ({
  check: name,
  outcome: 'ok',
  said: `${name} is right.`,
  hint: '',
  ...change,
});

test('the doctor shows what is wrong with what to do, and all of a node that is opened', async () => {
  open(
    {
      'network.status': () => status,
      'network.doctor': () => ({
        at: new Date().toISOString(),
        nodes: [
          {
            node: 'peer0.alpha.test',
            role: 'peer',
            organization: 'Alpha',
            address: 'localhost:1',
            checks: [
              check('name'),
              check('port', { outcome: 'failed', said: 'Process 4711 has it.', hint: 'Stop that program.' }),
            ],
          },
        ],
      }),
    },
    '/connect',
  );
  await heading('Connect');
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Examine every node' }));
  const findings = await screen.findByRole('list', { name: 'Findings' });
  expect(findings.textContent).toContain('peer0.alpha, port');
  expect(findings.textContent).toContain('Process 4711 has it. Stop that program.');
  expect(findings.textContent).not.toContain('name is right');
  await user.click(screen.getByRole('row', { name: /peer0.alpha/ }));
  const checks = await screen.findByRole('region', { name: 'Checks of peer0.alpha.test' });
  expect(checks.textContent).toContain('name is right.');
  await waitFor(() => expect(window.location.hash).toContain('doctor=true'));
  expect(window.location.hash).toContain('node=');
});

test('an examination that fails stands in its place', async () => {
  open({ 'network.doctor': () => new FakeProblem(aProblem({ title: 'Not now' })) }, '/connect?doctor=true');
  expect(await screen.findByText('Not now')).toBeDefined();
});

test.each([
  [embedded, {}, 'It is running.'],
  [embedded, { state: 'stopped' as const }, undefined],
  [embedded, { state: 'stopped' as const, runtime: null }, undefined],
  [native, { state: 'stopped' as const, runtime: null }, 'peer is not on the PATH.'],
  [
    { ...native, isAvailable: true },
    { state: 'stopped' as const },
    'The ledgers of testnet were written by its embedded nodes; other programs cannot read them.',
  ],
])('%o on %o: %s', (runtime, change, refusal) => {
  expect(refusalOf(runtime, aStatus(change), false)).toBe(refusal);
});
