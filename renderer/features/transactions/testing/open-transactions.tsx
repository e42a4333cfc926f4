/** The view over a core that answers what a test says: one channel, one contract, three identities. */
import { act, cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect } from 'vitest';
import type { ContractEndorsement } from '../../../../electron/api/contract-models';
import type { ContractDetail, ContractStatus, Identity, TaskModel } from '../../../../electron/api/models';
import type { Role } from '../../../../electron/api/operations';
import type { Problem } from '../../../../electron/api/problems';
import { App } from '../../../app';
import { FakeClient } from '../../../client/testing/fake-client';
import { actAs } from '../../../network/acting';
import { aStatus } from '../../../network/testing/status';
import { forgetDrafts } from '../draft';
import { setRun } from '../run-store';
// Loaded with the test's file, not within its time.
import '../transactions';

// Streams are drawn four times a second, and several machines' worth of tests may share a processor.
configure({ asyncUtilTimeout: 8_000 });

export const contract: ContractStatus = {
  name: 'goods',
  channel: 'goods-channel',
  declared: { version: '1.0', sequence: '1', endorsement: '' },
  committed: { version: '1.0', sequence: '1', endorsement: '', approvals: {} },
  packageId: 'goods:1',
  address: 'localhost:7',
};

export const functions: ContractDetail['functions'] = [
  {
    name: 'Put',
    call: 'Put',
    kind: 'submit',
    description: 'Stores a good',
    parameters: [
      { name: 'goodId', type: 'string', schema: { type: 'string', maxLength: 8 } },
      {
        name: 'priceCents',
        type: 'number',
        description: 'What it costs',
        schema: { type: 'number', minimum: 1, maximum: 500, multipleOf: 1 },
      },
    ],
    returns: null,
  },
  { name: 'Get', call: 'Get', kind: 'evaluate', parameters: [], returns: null },
];

export const endorsement: ContractEndorsement = {
  contract: 'goods',
  channel: 'goods-channel',
  policy: "AND('AlphaMSP.peer', 'BetaMSP.peer')",
  organizations: [
    { name: 'Alpha', mspId: 'AlphaMSP', peers: 2, running: 2 },
    { name: 'Beta', mspId: 'BetaMSP', peers: 2, running: 2 },
  ],
  sufficient: [['AlphaMSP', 'BetaMSP']],
  canBeMet: true,
  reason: null,
};

export const identity = (organization: string, name: string): Identity => ({
  id: `${organization}/${name}`,
  organization,
  mspId: `${organization}MSP`,
  name,
  role: 'client',
  attributes: { role: name },
  expires: '2036-01-01T00:00:00.000Z',
  fingerprint: '00',
  source: 'network',
  problem: null,
  channels: [],
});
export const identities = [
  identity('Alpha', 'operator'),
  identity('Beta', 'registrar'),
  identity('Gamma', 'guest'),
];

export const transactionId = 'ab'.repeat(32);
export const aTask = (change: Partial<TaskModel> = {}): TaskModel => ({
  id: 't1',
  operation: 'transaction.run',
  title: 'Put of goods as Alpha/operator',
  state: 'running',
  started: new Date().toISOString(),
  finished: null,
  steps: [],
  log: [`Transaction ${transactionId}`],
  result: null,
  problem: null,
  ...change,
});
export const step = (
  name: string,
  state: 'running' | 'done' | 'failed',
  durationMs: number | null = null,
) => ({
  name,
  state,
  startedMs: 0,
  durationMs,
  detail: '',
});
export const failed = (problem: Problem): TaskModel =>
  aTask({ state: 'failed', problem, finished: new Date().toISOString() });

export async function open(answers: FakeClient['answers'] = {}, search = '', role: Role = 'admin') {
  window.location.hash = `/transactions${search}`;
  const client = new FakeClient({
    'identity.list': () => identities,
    'contract.list': () => [contract],
    'contract.show': () => ({ ...contract, functions, noFunctions: null }),
    'contract.endorsement': () => endorsement,
    'transaction.saved': () => [],
    'transaction.history': () => [],
    'transaction.run': () => ({ task: 't1' }),
    ...answers,
  });
  client.role = role;
  const user = userEvent.setup();
  render(<App client={client} />);
  await screen.findByRole('heading', { level: 1, name: 'Transactions' }, { timeout: 25_000 });
  act(() => topic(client, 'network.status')?.send([aStatus()]));
  act(() => topic(client, 'tasks')?.send([{ all: true, tasks: [] }]));
  return { client, user };
}

export const topic = (client: FakeClient, name: string) =>
  client.streams.filter((stream) => stream.topic === name && !stream.closed).at(-1);
export const asked = (client: FakeClient, name: string) =>
  client.calls.filter((call) => call.name === name).map(({ request }) => request);
export const id = () => screen.findByRole<HTMLInputElement>('textbox', { name: /^Good id/ });
export const price = () => screen.findByRole('textbox', { name: /^Price/ });

/** The task as it goes on, once the view follows it. */
export async function told(client: FakeClient, task: TaskModel): Promise<void> {
  await waitFor(() => expect(topic(client, 'task')).toBeDefined());
  act(() => topic(client, 'task')?.send([task]));
}

/** As in a window that was just opened. */
export function forgetEverything(): void {
  forgetDrafts();
  sessionStorage.clear();
  setRun(undefined);
  actAs('Alpha/operator');
}

export function leave(): void {
  cleanup();
  window.location.hash = '';
}
