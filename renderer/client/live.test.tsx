import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NetworkStatus } from '../../electron/api/models';
import { aStatus, withNode } from '../network/testing/status';
import { ClientProvider } from './context';
import { createQueryClient } from './query-client';
import { aProblem, FakeClient } from './testing/fake-client';
import { defineLive } from './use-live';
import { useTasks } from './use-task';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const useStatus = defineLive('network.status', {}, (_before, status): NetworkStatus => status);

function State({ seen = [] }: { seen?: NetworkStatus[] }) {
  const { data, error, dataUpdatedAt, isFetching, refetch } = useStatus();
  if (data) seen.push(data);
  const age = dataUpdatedAt === 0 ? 'unknown' : `${(Date.now() - dataUpdatedAt) / 1000} s`;
  return (
    <>
      <p>{[data?.state, error?.problem.title, age, isFetching && 'asking'].filter(Boolean).join(', ')}</p>
      <button onClick={refetch}>again</button>
    </>
  );
}

const show = (client: FakeClient, element: React.ReactNode) =>
  render(
    <ClientProvider client={client} queries={createQueryClient()}>
      {element}
    </ClientProvider>,
  );
const said = () => screen.getAllByRole('paragraph').map(({ textContent }) => textContent);
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

test('one stream serves all who look, from the first to the last of them', async () => {
  const client = new FakeClient();
  const { rerender, unmount } = show(client, <State />);
  rerender(
    <ClientProvider client={client} queries={createQueryClient()}>
      <State />
      <State />
    </ClientProvider>,
  );
  act(() => client.streams[0]?.send([aStatus()]));
  expect(said()).toEqual(['running, 0 s', 'running, 0 s']);
  expect(client.streams).toHaveLength(1);
  unmount();
  expect(client.streams[0]?.closed).toBe(true);
  await pass(60_000);
  expect(client.streams).toHaveLength(1);
});

test('is drawn at most four times a second, and what did not change stays the same object', async () => {
  const client = new FakeClient();
  const seen: NetworkStatus[] = [];
  show(client, <State seen={seen} />);
  act(() => client.streams[0]?.send([aStatus()]));
  for (let height = 8; height < 20; height++) {
    act(() =>
      client.streams[0]?.send([
        withNode('peer0.alpha.test', {
          channels: [{ name: 'goods-channel', height: String(height), tipHash: null }],
        }),
      ]),
    );
  }
  await pass(250);
  const [first, ...later] = new Set(seen);
  expect(later).toHaveLength(1);
  expect(later[0]?.nodes[1]?.channels[0]?.height).toBe('19');
  expect(later[0]?.nodes[0]).toBe(first?.nodes[0]);
});

test('a lost connection keeps what is shown, with its age, until the stream has spoken again', async () => {
  const client = new FakeClient();
  show(client, <State />);
  act(() => client.streams[0]?.send([aStatus()]));
  await pass(5_000);
  client.lastHeard = Date.now();
  const problem = aProblem({ code: 'CONNECTION_LOST', title: 'Lost' });
  await pass(2_000);
  act(() => client.become({ kind: 'lost', since: 0, retryAt: 0, attempt: 1, problem }));
  expect(said()).toEqual(['running, Lost, 2 s']);
  await pass(3_000);
  client.lastHeard = Date.now();
  act(() => client.become({ kind: 'connected', since: 0 }));
  expect(said()).toEqual(['running, 5 s, asking']);
  act(() => client.streams[0]?.send([aStatus({ state: 'stopped' })]));
  expect(said()).toEqual(['stopped, 0 s']);
});

test('a stream that ends with a problem says it and is opened again, later each time', async () => {
  const client = new FakeClient();
  show(client, <State />);
  act(() => client.streams[0]?.send([aStatus()]));
  client.streams[0]?.end(aProblem({ title: 'Gone' }));
  await pass(0);
  expect(said()).toEqual(['running, Gone, 0 s']);
  await pass(250);
  expect(client.streams).toHaveLength(2);
  client.streams[1]?.end(aProblem({ title: 'Still gone' }));
  await pass(0);
  await pass(249);
  expect(client.streams).toHaveLength(2);
  await pass(251);
  expect(client.streams).toHaveLength(3);
  act(() => client.streams[2]?.send([aStatus()]));
  expect(said()).toEqual(['running, 0 s']);
});

test('a stream that ended with a problem is opened on the next connection, and its problem stays until it speaks', async () => {
  const client = new FakeClient();
  show(client, <State />);
  act(() => client.streams[0]?.send([aStatus()]));
  client.streams[0]?.end(aProblem({ title: 'Another version' }));
  await pass(0);
  act(() => client.become({ kind: 'connected', since: 0 }));
  await pass(0);
  expect(client.streams).toHaveLength(2);
  expect(said()).toEqual(['running, Another version, 0 s, asking']);
  await pass(60_000);
  expect(client.streams).toHaveLength(2);
});

test('asking again opens the stream anew, and connects at once where the connection is lost', () => {
  const client = new FakeClient();
  show(client, <State />);
  act(() => screen.getByText('again').click());
  expect(client.streams.map(({ closed }) => closed)).toEqual([true, false]);
  client.state = { kind: 'lost', since: 0, retryAt: 0, attempt: 1, problem: aProblem() };
  act(() => screen.getByText('again').click());
  expect(client.retries).toBe(1);
});

test('tasks: those that changed replace themselves, and the newest stands first', async () => {
  const client = new FakeClient();
  function Tasks() {
    const { tasks } = useTasks();
    return <p>{tasks ? tasks.map(({ id, state }) => `${id} ${state}`).join(', ') : 'asking'}</p>;
  }
  const aTask = (id: string, started: string, state: string) => ({ id, started, state });
  show(client, <Tasks />);
  expect(said()).toEqual(['asking']);
  act(() =>
    client.streams[0]?.send([{ all: true, tasks: [aTask('a', '1', 'done'), aTask('b', '2', 'running')] }]),
  );
  expect(said()).toEqual(['b running, a done']);
  act(() =>
    client.streams[0]?.send([
      { all: false, tasks: [aTask('b', '2', 'done')] },
      { all: false, tasks: [aTask('c', '3', 'running')] },
    ]),
  );
  await pass(250);
  expect(said()).toEqual(['c running, b done, a done']);
  act(() => client.streams[0]?.send([{ all: true, tasks: [] }]));
  await pass(250);
  expect(said()).toEqual(['']);
});
