import { HEARTBEAT, MAX_MESSAGE_BYTES, SILENCE_MS, closeCodes } from '../../electron/api/browser-service';
import type { CallOptions, SubscribeOptions, Subscription } from '../../electron/api/client';
import { operations } from '../../electron/api/operations';
import type { OperationName, ReplyOf, RequestOf, Role } from '../../electron/api/operations';
import type { Outcome, Problem } from '../../electron/api/problems';
import type { EventOf, ParametersOf, TopicName } from '../../electron/api/topics';
import { WireClient } from '../../electron/api/wire-client';
import { Backoff } from './backoff';
import type { ConnectionState, ObservedClient } from './connection';
import { connectionLost } from './connection-lost';
import { LastingSubscription } from './lasting-subscription';

/** What is used of the browser's WebSocket; the package `ws` has it too. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface HttpClientOptions {
  /** Of the session that the socket is opened with. */
  readonly role: Role;
  /** Opens the WebSocket at the service's stream path. */
  readonly openSocket: () => Socket;
  /** Whether the session still lives, asked where the socket cannot be opened: a browser is not told why. */
  readonly sessionProblem: () => Promise<Problem | undefined>;
  readonly backoff?: Backoff;
}

interface Connection {
  readonly socket: Socket;
  readonly wire: WireClient;
}

const SILENCE_CHECK_MS = 5_000;

/**
 * The client of browser mode: the wire over one WebSocket that is opened again whenever it breaks. Streams go on by
 * themselves; calls under way end with CONNECTION_LOST and are never sent twice.
 */
export class HttpClient implements ObservedClient {
  #state: ConnectionState = { kind: 'connecting' };
  #connection: Connection | undefined;
  #lastHeard = 0;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setInterval> | undefined;
  readonly #backoff: Backoff;
  readonly #listeners = new Set<() => void>();
  readonly #subscriptions = new Set<LastingSubscription>();
  /** Those who wait for the first connection. */
  #waiting: (() => void)[] = [];

  constructor(private readonly options: HttpClientOptions) {
    this.#backoff = options.backoff ?? new Backoff();
    this.#connect();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get role(): Role {
    return this.options.role;
  }

  get lastHeard(): number {
    return this.#lastHeard;
  }

  onStateChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  retryNow(): void {
    if (this.#state.kind !== 'lost' && this.#state.kind !== 'signed-out') return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (!this.#connection) this.#connect();
  }

  async call<N extends OperationName>(
    name: N,
    request: RequestOf<N>,
    options: CallOptions = {},
  ): Promise<Outcome<ReplyOf<N>>> {
    if (JSON.stringify(request).length > MAX_MESSAGE_BYTES / 4) return { ok: false, problem: tooLarge(name) };
    if (this.#state.kind === 'connecting') await this.#settled(options.signal);
    if (options.signal?.aborted) return { ok: false, problem: cancelled };
    const connection = this.#connection;
    if (this.#state.kind !== 'connected' || !connection) return { ok: false, problem: this.#problem() };
    const outcome = await connection.wire.call(name, request, options);
    if (outcome.ok || outcome.problem.code !== 'CONNECTION_LOST') return outcome;
    return { ok: false, problem: brokenOff(name, outcome.problem) };
  }

  subscribe<N extends TopicName>(
    topic: N,
    parameters: ParametersOf<N>,
    onEvents: (events: readonly EventOf<N>[], dropped: number) => void,
    options: SubscribeOptions<N> = {},
  ): Subscription {
    const subscription = new LastingSubscription(
      (wire, isAgain) => wire.subscribe(topic, (isAgain && options.againWith?.()) || parameters, onEvents),
      () => options.onRestart?.(),
      () => this.#subscriptions.delete(subscription),
    );
    this.#subscriptions.add(subscription);
    if (this.#state.kind === 'connected' && this.#connection) subscription.open(this.#connection.wire);
    if (this.#state.kind === 'signed-out' || this.#state.kind === 'closed') subscription.end(this.#problem());
    return subscription;
  }

  close(): Promise<void> {
    clearTimeout(this.#retry);
    clearInterval(this.#silence);
    const connection = this.#connection;
    this.#connection = undefined;
    this.#change({ kind: 'closed' });
    connection?.socket.close();
    connection?.wire.lost(this.#problem());
    for (const subscription of [...this.#subscriptions]) subscription.end(undefined);
    return Promise.resolve();
  }

  #connect(): void {
    const socket = this.options.openSocket();
    const wire = new WireClient(
      (message) => socket.send(JSON.stringify(message)),
      () => socket.close(),
    );
    const connection = { socket, wire };
    this.#connection = connection;
    socket.onopen = () => {
      if (this.#connection === connection) this.#opened(connection);
    };
    socket.onmessage = ({ data }: { data: unknown }) => {
      this.#lastHeard = Date.now();
      // A service that takes connections only to end them is not back.
      this.#attempt = 0;
      if (data !== HEARTBEAT) wire.receive(JSON.parse(String(data)));
    };
    // 'close' follows, and tells more.
    socket.onerror = () => undefined;
    socket.onclose = ({ code }: { code: number }) => this.#closed(connection, code);
  }

  #opened({ wire }: Connection): void {
    this.#lastHeard = Date.now();
    this.#change({ kind: 'connected', since: Date.now() });
    for (const subscription of this.#subscriptions) subscription.open(wire);
    this.#silence = setInterval(() => {
      // A connection through which nothing comes any more is never closed by anybody.
      if (Date.now() - this.#lastHeard > SILENCE_MS) this.#abandon();
    }, SILENCE_CHECK_MS);
  }

  #abandon(): void {
    const connection = this.#connection;
    if (!connection) return;
    connection.socket.close();
    this.#closed(connection, 1006);
  }

  #closed(connection: Connection, code: number): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    clearInterval(this.#silence);
    const problem = connectionLost(reasons.get(code) ?? 'It ended without a reason.');
    const since = this.#state.kind === 'lost' ? this.#state.since : Date.now();
    const wasOpen = this.#state.kind === 'connected';
    if (wasOpen && code === closeCodes.noCore) {
      // Nothing is lost: what was told of the core holds until the next answer.
      this.#change({ kind: 'connecting' });
      connection.wire.lost(problem);
      this.#connect();
      return;
    }
    const delay = this.#backoff.delayMs(this.#attempt);
    this.#attempt += 1;
    const retryAt = Date.now() + delay;
    this.#change({ kind: 'lost', since, retryAt, attempt: this.#attempt, problem });
    connection.wire.lost(problem);
    if (wasOpen && code !== closeCodes.signedOut) this.#retryIn(delay);
    else void this.#askWhy(delay);
  }

  /** A socket that could not be opened says nothing; the session does. */
  async #askWhy(delay: number): Promise<void> {
    const problem = await this.options.sessionProblem();
    if (this.#state.kind !== 'lost' || this.#connection) return;
    if (problem?.code !== 'NOT_SIGNED_IN') {
      this.#retryIn(delay);
      return;
    }
    this.#change({ kind: 'signed-out', problem });
    for (const subscription of [...this.#subscriptions]) subscription.end(problem);
  }

  #retryIn(delay: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.retryNow(), delay);
  }

  #settled(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Why nothing can be asked now. */
  #problem(): Problem {
    switch (this.#state.kind) {
      case 'lost':
      case 'signed-out':
        return this.#state.problem;
      case 'connecting':
      case 'connected':
        return connectionLost('It was not open yet.');
      case 'closed':
        return connectionLost('The console was closed.');
    }
  }

  #change(state: ConnectionState): void {
    this.#state = state;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    for (const listener of this.#listeners) listener();
  }
}

const reasons = new Map<number, string>([
  [1001, 'The service was ended.'],
  [1006, 'The service does not answer.'],
  [1009, 'A message was too large for the service.'],
  [closeCodes.coreGone, 'The process that runs the network has gone; another is started.'],
  [closeCodes.malformed, 'The service did not understand a message: reload this page.'],
  [closeCodes.signedOut, 'The session is over.'],
  [closeCodes.tooSlow, 'This page did not take its messages in time.'],
]);

/** A query can simply be asked again; of all else nobody knows whether it was done. */
function brokenOff(name: OperationName, problem: Problem): Problem {
  if (operations[name].kind === 'query') return problem;
  return {
    ...problem,
    detail: `${problem.detail} Whether ${name} was carried out is not known.`,
    hint: 'Look at what it should have changed before you run it again.',
    retryable: false,
  };
}

const cancelled: Problem = {
  code: 'CANCELLED',
  title: 'Cancelled.',
  detail: 'The call was ended before it was sent.',
  hint: 'Run it again.',
  retryable: true,
  sources: [],
};

const tooLarge = (name: OperationName): Problem => ({
  code: 'TOO_LARGE',
  title: `The request for ${name} is too large.`,
  detail: `It may have ${MAX_MESSAGE_BYTES / 4} characters.`,
  hint: 'Send less at a time.',
  retryable: false,
  sources: [],
});
