import type { CallOptions, ConsoleClient, Subscription } from '../api/client';
import type { OperationName, ReplyOf, RequestOf } from '../api/operations';
import type { Outcome, Problem } from '../api/problems';
import type { EventOf, ParametersOf, TopicName } from '../api/topics';
import { cancelled, toProblem } from '../core/problem';
import { underSignals } from '../core/under-signals';

interface Connection {
  readonly client: ConsoleClient;
  readonly over: Promise<void>;
}

/** Opens a connection and says once when it is over. */
export type OpenConnection = (onClosed: () => void) => Promise<ConsoleClient>;

/**
 * The client of a console that stays open while supervisors come and go: a supervisor ends with its network, and the
 * next thing asked opens a connection to another. What was under way when a connection broke ends with its problem:
 * it may have been done, so it is never sent twice.
 */
export class LastingClient implements ConsoleClient {
  #connection: Promise<Connection> | undefined;
  readonly #closed = new AbortController();

  constructor(private readonly open: OpenConnection) {}

  async call<N extends OperationName>(
    name: N,
    request: RequestOf<N>,
    options: CallOptions = {},
  ): Promise<Outcome<ReplyOf<N>>> {
    try {
      return await underSignals([this.#closed.signal, options.signal], async (signal) => {
        for (;;) {
          const { client, over } = await unlessAborted(this.#connect(), signal);
          const outcome = await client.call(name, request, { signal });
          if (outcome.ok || outcome.problem.code !== 'SUPERVISOR_ENDING') return outcome;
          // Nothing of it was begun: the next supervisor is asked.
          await unlessAborted(over, signal);
        }
      });
    } catch (error) {
      return { ok: false, problem: toProblem(error) };
    }
  }

  subscribe<N extends TopicName>(
    topic: N,
    parameters: ParametersOf<N>,
    onEvents: (events: readonly EventOf<N>[], dropped: number) => void,
  ): Subscription {
    const closed = new AbortController();
    const run = async (signal: AbortSignal): Promise<Problem | undefined> => {
      try {
        const { client } = await unlessAborted(this.#connect(), signal);
        const subscription = client.subscribe(topic, parameters, onEvents);
        const close = () => subscription.close();
        signal.addEventListener('abort', close, { once: true });
        const problem = await subscription.ended;
        signal.removeEventListener('abort', close);
        return signal.aborted ? undefined : problem;
      } catch (error) {
        return signal.aborted ? undefined : toProblem(error);
      }
    };
    const ended = underSignals([this.#closed.signal, closed.signal], run);
    return { ended, close: () => closed.abort() };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const connection = this.#connection;
    this.#connection = undefined;
    await (await connection?.catch(() => undefined))?.client.close();
  }

  /** The connection there is, or a new one; a failed attempt is forgotten so that the next call tries again. */
  #connect(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    let ended: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (ended = resolve));
    const opening = this.open(() => {
      this.#forget(opening);
      ended();
    }).then((client) => ({ client, over }));
    this.#connection = opening;
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  #forget(connection: Promise<Connection>): void {
    if (this.#connection === connection) this.#connection = undefined;
  }
}

/** The value, unless the signal aborts first: then CANCELLED. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled());
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
