import type { OperationName, ReplyOf, RequestOf } from './operations';
import type { Outcome, Problem } from './problems';
import type { EventOf, ParametersOf, TopicName } from './topics';

export interface CallOptions {
  /** Cancels the call; the outcome is then the problem CANCELLED. */
  readonly signal?: AbortSignal;
}

export interface Subscription {
  /** Resolves when the stream is over: undefined after its natural end or `close`, else what broke it. */
  readonly ended: Promise<Problem | undefined>;
  close(): void;
}

export interface SubscribeOptions<N extends TopicName> {
  /**
   * The connection was lost and is back: the stream begins again with the present state, so what was kept of it goes.
   * Only transports that reconnect call it.
   */
  readonly onRestart?: () => void;
  /** What to ask for then instead of the same again: whoever knows how far a stream came goes on from there. */
  readonly againWith?: () => ParametersOf<N>;
}

/** How anything that shows something reaches the core, whatever the transport. Never throws: failures are outcomes. */
export interface ConsoleClient {
  call<N extends OperationName>(
    name: N,
    request: RequestOf<N>,
    options?: CallOptions,
  ): Promise<Outcome<ReplyOf<N>>>;
  subscribe<N extends TopicName>(
    topic: N,
    parameters: ParametersOf<N>,
    onEvents: (events: readonly EventOf<N>[], dropped: number) => void,
    options?: SubscribeOptions<N>,
  ): Subscription;
  close(): Promise<void>;
}
