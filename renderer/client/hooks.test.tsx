import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClientProvider } from './context';
import { createQueryClient } from './query-client';
import { aProblem, FakeClient, FakeProblem } from './testing/fake-client';
import { useCommand, useOperation } from './use-operation';
import { useMay } from './use-role';
import { useTopic } from './use-topic';

let queries = createQueryClient();
beforeEach(() => {
  queries = createQueryClient();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const show = (client: FakeClient, element: React.ReactNode) =>
  render(
    <ClientProvider client={client} queries={queries}>
      {element}
    </ClientProvider>,
  );

describe('an operation', () => {
  function Purge() {
    const identities = useOperation('identity.list', {});
    const purge = useCommand('network.purge', ['identity.list']);
    return (
      <>
        <p>{identities.error?.problem.title ?? `${identities.data?.length} identities`}</p>
        <button onClick={() => purge.mutate({})}>purge</button>
      </>
    );
  }

  test('answers a value, or its problem whole', async () => {
    const client = new FakeClient({ 'identity.list': () => [] });
    show(client, <Purge />);
    expect(await screen.findByText('0 identities')).toBeDefined();
    client.answers['identity.list'] = () => new FakeProblem(aProblem({ title: 'No answer' }));
    await act(() => queries.invalidateQueries());
    expect(await screen.findByText('No answer')).toBeDefined();
  });

  test('is asked again after a command that changes it', async () => {
    const client = new FakeClient({ 'identity.list': () => [], 'network.purge': () => ({ deleted: [] }) });
    show(client, <Purge />);
    await screen.findByText('0 identities');
    screen.getByText('purge').click();
    await vi.waitFor(() =>
      expect(client.calls.map(({ name }) => name)).toEqual([
        'identity.list',
        'network.purge',
        'identity.list',
      ]),
    );
  });
});

describe('a stream', () => {
  let renders = 0;
  function Logs({ node }: { node: string }) {
    renders += 1;
    const { events, dropped, state, problem, restart } = useTopic(
      'node.logs',
      { node, follow: true, tail: 10 },
      { keep: 3 },
    );
    return (
      <>
        <p>{[node, state, problem?.title, dropped, ...events.map(({ line }) => line)].join(' ')}</p>
        <button onClick={restart}>again</button>
      </>
    );
  }
  const lines = (...all: string[]) => all.map((line) => ({ line }));

  test('is drawn at most four times a second, keeps the newest and counts what was dropped', () => {
    vi.useFakeTimers();
    const client = new FakeClient();
    show(client, <Logs node="a" />);
    const before = renders;
    for (const line of ['1', '2', '3', '4', '5']) {
      act(() => {
        client.streams[0]?.send(lines(line), 1);
      });
    }
    expect(renders).toBe(before);
    act(() => {
      vi.advanceTimersByTime(250);
    });
    expect(screen.getByText('a open 5 3 4 5')).toBeDefined();
    expect(renders).toBe(before + 1);
  });

  test('is closed with its component and when it is asked for something else', () => {
    const client = new FakeClient();
    const { rerender, unmount } = show(client, <Logs node="a" />);
    rerender(
      <ClientProvider client={client} queries={queries}>
        <Logs node="b" />
      </ClientProvider>,
    );
    expect(client.streams.map(({ closed }) => closed)).toEqual([true, false]);
    unmount();
    expect(client.streams.map(({ closed }) => closed)).toEqual([true, true]);
  });

  test('that broke keeps what it showed, says why, and goes on when asked', async () => {
    const client = new FakeClient();
    show(client, <Logs node="a" />);
    act(() => client.streams[0]?.send(lines('1')));
    client.streams[0]?.end(aProblem({ title: 'Gone' }));
    expect(await screen.findByText('a lost Gone 0 1')).toBeDefined();
    act(() => screen.getByText('again').click());
    expect(screen.getByText('a open 0 1')).toBeDefined();
    expect(client.streams).toHaveLength(2);
  });

  test('says that it is lost while the connection is, goes on with it, and begins again with what comes then', () => {
    vi.useFakeTimers();
    const client = new FakeClient();
    show(client, <Logs node="a" />);
    act(() => client.streams[0]?.send(lines('1', '2')));
    act(() => void vi.advanceTimersByTime(250));
    const problem = aProblem({ code: 'CONNECTION_LOST', title: 'Lost' });
    act(() => client.become({ kind: 'lost', since: 0, retryAt: 0, attempt: 1, problem }));
    expect(screen.getByText('a lost Lost 0 1 2')).toBeDefined();
    act(() => screen.getByText('again').click());
    expect(client.retries).toBe(1);
    act(() => {
      client.streams[0]?.restart();
      client.become({ kind: 'connected', since: 0 });
      client.streams[0]?.send(lines('2', '3'));
    });
    expect(screen.getByText('a open 0 1 2')).toBeDefined();
    act(() => void vi.advanceTimersByTime(250));
    expect(screen.getByText('a open 0 2 3')).toBeDefined();
    expect(client.streams).toHaveLength(1);
  });
});

test.each([
  ['viewer', 'node.stop', 'This needs the role admin. You are signed in as viewer.'],
  ['viewer', 'transaction.run', 'This needs the role operator. You are signed in as viewer.'],
  ['operator', 'transaction.run', undefined],
  ['operator', 'network.up', 'This needs the role admin. You are signed in as operator.'],
  ['admin', 'network.purge', undefined],
] as const)('%s and %s: %s', (role, operation, refusal) => {
  const client = new FakeClient();
  client.role = role;
  function May() {
    const permission = useMay(operation);
    return <p>{permission.may ? 'may' : permission.refusal}</p>;
  }
  show(client, <May />);
  expect(screen.getByRole('paragraph').textContent).toBe(refusal ?? 'may');
});
