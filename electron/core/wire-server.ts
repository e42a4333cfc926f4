import type { ConsoleClient, Subscription } from '../api/client';
import type { OperationName, RequestOf } from '../api/operations';
import type { ParametersOf, TopicName } from '../api/topics';
import { clientMessageSchema } from '../api/wire';
import type { ServerMessage } from '../api/wire';

/**
 * Serves one connection of any message transport with a session of the core. Names and shapes are checked by the
 * dispatcher and the hub; a message that is not of the wire's form ends the connection (`onMalformed`).
 */
export class WireServer {
  readonly #calls = new Map<number, AbortController>();
  readonly #subscriptions = new Map<number, Subscription>();
  #onAnswered: (() => void)[] = [];

  constructor(
    private readonly session: ConsoleClient,
    private readonly send: (message: ServerMessage) => void,
    private readonly onMalformed: (reason: string) => void,
  ) {}

  receive(raw: unknown): void {
    const parsed = clientMessageSchema.safeParse(raw);
    if (!parsed.success) {
      this.onMalformed(parsed.error.message);
      return;
    }
    const message = parsed.data;
    switch (message.kind) {
      case 'call':
        void this.#call(message.id, message.operation, message.request);
        return;
      case 'abort':
        this.#calls.get(message.id)?.abort();
        return;
      case 'subscribe':
        void this.#subscribe(message.id, message.topic, message.parameters);
        return;
      case 'unsubscribe':
        this.#subscriptions.get(message.id)?.close();
        return;
    }
  }

  /** Resolves once every call that came in has been answered. */
  answered(): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onAnswered.push(resolve));
  }

  close(): void {
    for (const call of this.#calls.values()) call.abort();
    for (const subscription of this.#subscriptions.values()) subscription.close();
    void this.session.close();
  }

  async #call(id: number, operation: string, request: unknown): Promise<void> {
    // Registered before the first await, so that an abort that follows at once is not lost.
    const abort = new AbortController();
    this.#calls.set(id, abort);
    const outcome = await this.session.call(operation as OperationName, request as RequestOf<OperationName>, {
      signal: abort.signal,
    });
    this.#calls.delete(id);
    this.send(
      outcome.ok
        ? { kind: 'reply', id, value: outcome.value }
        : { kind: 'problem', id, problem: outcome.problem },
    );
    if (this.#calls.size > 0) return;
    for (const resolve of this.#onAnswered.splice(0)) resolve();
  }

  async #subscribe(id: number, topic: string, parameters: unknown): Promise<void> {
    const subscription = this.session.subscribe(
      topic as TopicName,
      parameters as ParametersOf<TopicName>,
      (events, dropped) => this.send({ kind: 'events', id, events: [...events], dropped }),
    );
    this.#subscriptions.set(id, subscription);
    const problem = await subscription.ended;
    this.#subscriptions.delete(id);
    this.send(problem ? { kind: 'ended', id, problem } : { kind: 'ended', id });
  }
}
