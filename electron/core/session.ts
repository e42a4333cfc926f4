import { setMaxListeners } from 'node:events';
import type { CallOptions, ConsoleClient, Subscription } from '../api/client';
import type { OperationName, ReplyOf, RequestOf, Role } from '../api/operations';
import type { Outcome } from '../api/problems';
import type { EventOf, ParametersOf, TopicName } from '../api/topics';
import type { Dispatcher } from './dispatcher';
import { cancelled } from './problem';
import type { TopicHub } from './topic-hub';
import { underSignals } from './under-signals';

/** The in-memory client: one user of the core in the same process, with a role. */
export class Session implements ConsoleClient {
  readonly #closed = new AbortController();

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly hub: TopicHub,
    private readonly role: Role,
    /** Who is signed in, for the audit log. */
    private readonly user: string,
  ) {
    // As many as there are calls at a time.
    setMaxListeners(0, this.#closed.signal);
  }

  call<N extends OperationName>(
    name: N,
    request: RequestOf<N>,
    options: CallOptions = {},
  ): Promise<Outcome<ReplyOf<N>>> {
    const { role, user } = this;
    return underSignals([this.#closed.signal, options.signal], (signal) => {
      const over: Outcome<ReplyOf<N>> = { ok: false, problem: cancelled().problem };
      if (signal.aborted) return Promise.resolve(over);
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(over), { once: true });
        void this.dispatcher.dispatch<N>(name, request, { role, user, signal }).then(resolve);
      });
    });
  }

  subscribe<N extends TopicName>(
    topic: N,
    parameters: ParametersOf<N>,
    onEvents: (events: readonly EventOf<N>[], dropped: number) => void,
  ): Subscription {
    const subscription = this.hub.subscribe(topic, parameters, (events, dropped) =>
      onEvents(events as readonly EventOf<N>[], dropped),
    );
    const { signal } = this.#closed;
    const close = () => subscription.close();
    signal.addEventListener('abort', close, { once: true });
    // A session lasts for days and subscribes for each task.
    const forget = () => signal.removeEventListener('abort', close);
    void subscription.ended.then(forget, forget);
    return subscription;
  }

  close(): Promise<void> {
    this.#closed.abort();
    return Promise.resolve();
  }
}
