import type { CallOptions, ConsoleClient, Subscription } from '../api/client';
import type { OperationName, ReplyOf, RequestOf, Role } from '../api/operations';
import type { Outcome } from '../api/problems';
import type { EventOf, ParametersOf, TopicName } from '../api/topics';
import type { Dispatcher } from './dispatcher';
import { cancelled } from './problem';
import type { TopicHub } from './topic-hub';

/** The in-memory client: one user of the core in the same process, with a role. */
export class Session implements ConsoleClient {
  readonly #closed = new AbortController();

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly hub: TopicHub,
    private readonly role: Role,
    /** Who is signed in, for the audit log. */
    private readonly user: string,
  ) {}

  async call<N extends OperationName>(
    name: N,
    request: RequestOf<N>,
    options: CallOptions = {},
  ): Promise<Outcome<ReplyOf<N>>> {
    const signals = [this.#closed.signal, ...(options.signal ? [options.signal] : [])];
    const signal = AbortSignal.any(signals);
    if (signal.aborted) return { ok: false, problem: cancelled().problem };
    const aborted = new Promise<Outcome<ReplyOf<N>>>((resolve) => {
      signal.addEventListener('abort', () => resolve({ ok: false, problem: cancelled().problem }), {
        once: true,
      });
    });
    return Promise.race([
      this.dispatcher.dispatch<N>(name, request, { role: this.role, user: this.user, signal }),
      aborted,
    ]);
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
