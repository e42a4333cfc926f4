import type { CallOptions, ConsoleClient, Subscription } from './client';
import type { OperationName, ReplyOf, RequestOf } from './operations';
import type { Outcome, Problem } from './problems';
import type { EventOf, ParametersOf, TopicName } from './topics';
import { serverMessageSchema } from './wire';
import type { ClientMessage } from './wire';

interface OpenSubscription {
  onEvents(events: readonly unknown[], dropped: number): void;
  end(problem: Problem | undefined): void;
}

/** A client over any message transport. The transport calls `receive` and, when it is gone, `lost`. */
export class WireClient implements ConsoleClient {
  readonly #calls = new Map<number, (outcome: Outcome<unknown>) => void>();
  readonly #subscriptions = new Map<number, OpenSubscription>();
  #lastId = 0;
  #lost: Problem | undefined;

  constructor(
    private readonly send: (message: ClientMessage) => void,
    private readonly disconnect: () => void,
  ) {}

  call<N extends OperationName>(
    operation: N,
    request: RequestOf<N>,
    options: CallOptions = {},
  ): Promise<Outcome<ReplyOf<N>>> {
    if (this.#lost) return Promise.resolve({ ok: false, problem: this.#lost });
    const id = ++this.#lastId;
    const outcome = new Promise<Outcome<ReplyOf<N>>>((resolve) => {
      this.#calls.set(id, (value) => resolve(value as Outcome<ReplyOf<N>>));
    });
    this.send({ kind: 'call', id, operation, request });
    const abort = () => {
      if (this.#calls.has(id)) this.send({ kind: 'abort', id });
    };
    if (options.signal?.aborted) abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    return outcome.finally(() => options.signal?.removeEventListener('abort', abort));
  }

  subscribe<N extends TopicName>(
    topic: N,
    parameters: ParametersOf<N>,
    onEvents: (events: readonly EventOf<N>[], dropped: number) => void,
  ): Subscription {
    if (this.#lost) return { ended: Promise.resolve(this.#lost), close: () => undefined };
    const id = ++this.#lastId;
    const ended = new Promise<Problem | undefined>((resolve) => {
      this.#subscriptions.set(id, {
        onEvents: (events, dropped) => onEvents(events as readonly EventOf<N>[], dropped),
        end: resolve,
      });
    });
    this.send({ kind: 'subscribe', id, topic, parameters });
    const close = () => {
      if (this.#subscriptions.has(id)) this.send({ kind: 'unsubscribe', id });
    };
    return { ended, close };
  }

  /** One message from the other side, parsed from JSON. */
  receive(raw: unknown): void {
    const message = serverMessageSchema.parse(raw);
    switch (message.kind) {
      case 'reply':
        this.#settle(message.id, { ok: true, value: message.value });
        return;
      case 'problem':
        this.#settle(message.id, { ok: false, problem: message.problem });
        return;
      case 'events':
        this.#subscriptions.get(message.id)?.onEvents(message.events, message.dropped);
        return;
      case 'ended':
        this.#subscriptions.get(message.id)?.end(message.problem);
        this.#subscriptions.delete(message.id);
        return;
    }
  }

  /** The transport broke: everything open ends with this problem, and so does everything asked later. */
  lost(problem: Problem): void {
    if (this.#lost) return;
    this.#lost = problem;
    for (const id of [...this.#calls.keys()]) this.#settle(id, { ok: false, problem });
    for (const subscription of this.#subscriptions.values()) subscription.end(problem);
    this.#subscriptions.clear();
  }

  close(): Promise<void> {
    this.disconnect();
    return Promise.resolve();
  }

  #settle(id: number, outcome: Outcome<unknown>): void {
    this.#calls.get(id)?.(outcome);
    this.#calls.delete(id);
  }
}
