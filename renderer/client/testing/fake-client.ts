import type { CallOptions, SubscribeOptions, Subscription } from '../../../electron/api/client';
import type { OperationName, ReplyOf, RequestOf, Role } from '../../../electron/api/operations';
import type { Outcome, Problem } from '../../../electron/api/problems';
import type { EventOf, ParametersOf, TopicName } from '../../../electron/api/topics';
import type { ConnectionState, ObservedClient } from '../connection';

type Answers = {
  [N in OperationName]?: (request: RequestOf<N>) => ReplyOf<N> | Promise<ReplyOf<N>> | FakeProblem;
};

/** An answer that is a problem. */
export class FakeProblem {
  constructor(readonly problem: Problem) {}
}

export const aProblem = (change: Partial<Problem> = {}): Problem => ({
  code: 'NODE_UNAVAILABLE',
  title: 'peer0.alpha.test does not answer',
  detail: 'It is stopped.',
  hint: 'Start it.',
  retryable: true,
  sources: [],
  ...change,
});

interface OpenStream {
  readonly topic: TopicName;
  readonly parameters: unknown;
  send(events: readonly unknown[], dropped?: number): void;
  end(problem?: Problem): void;
  /** The connection was lost and is back; answers what is asked for then. */
  restart(): unknown;
  closed: boolean;
}

/** A core that answers what a test says. What has no answer fails, loudly. */
export class FakeClient implements ObservedClient {
  readonly calls: { name: OperationName; request: unknown }[] = [];
  readonly streams: OpenStream[] = [];
  state: ConnectionState = { kind: 'connected', since: 0 };
  role: Role = 'admin';
  lastHeard = 0;
  retries = 0;
  readonly #listeners = new Set<() => void>();

  constructor(readonly answers: Answers = {}) {}

  async call<N extends OperationName>(
    name: N,
    request: RequestOf<N>,
    options: CallOptions = {},
  ): Promise<Outcome<ReplyOf<N>>> {
    this.calls.push({ name, request });
    const answer = this.answers[name] as
      ((request: RequestOf<N>) => ReplyOf<N> | Promise<ReplyOf<N>> | FakeProblem) | undefined;
    if (!answer) {
      return {
        ok: false,
        problem: aProblem({ code: 'UNKNOWN_OPERATION', title: `The test gives no answer to ${name}.` }),
      };
    }
    const value = await answer(request);
    if (options.signal?.aborted) return { ok: false, problem: aProblem({ code: 'CANCELLED' }) };
    return value instanceof FakeProblem ? { ok: false, problem: value.problem } : { ok: true, value };
  }

  subscribe<N extends TopicName>(
    topic: N,
    parameters: ParametersOf<N>,
    onEvents: (events: readonly EventOf<N>[], dropped: number) => void,
    options: SubscribeOptions<N> = {},
  ): Subscription {
    let end: (problem: Problem | undefined) => void = () => undefined;
    const ended = new Promise<Problem | undefined>((resolve) => (end = resolve));
    const stream: OpenStream = {
      topic,
      parameters,
      closed: false,
      send: (events, dropped = 0) => onEvents(events as readonly EventOf<N>[], dropped),
      end: (problem) => end(problem),
      restart: () => {
        options.onRestart?.();
        return options.againWith?.() ?? parameters;
      },
    };
    this.streams.push(stream);
    // Topics that tell what an operation answers begin with that answer, where the test gives one.
    void this.#beginningOf(topic).then((event) => {
      if (event !== undefined && !stream.closed) stream.send([event]);
    });
    return {
      ended,
      close: () => {
        stream.closed = true;
        end(undefined);
      },
    };
  }

  async #beginningOf(topic: TopicName): Promise<unknown> {
    const { 'network.status': status, 'task.list': tasks } = this.answers;
    const answer = await (topic === 'network.status'
      ? status?.({})
      : topic === 'tasks'
        ? tasks?.({})
        : undefined);
    if (answer === undefined || answer instanceof FakeProblem) return undefined;
    return topic === 'tasks' ? { all: true, tasks: answer } : answer;
  }

  onStateChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  retryNow(): void {
    this.retries += 1;
  }

  /** The connection changes its state. */
  become(state: ConnectionState): void {
    this.state = state;
    for (const listener of this.#listeners) listener();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
