import { z } from 'zod';
import type { Subscription } from '../api/client';
import { isTopicName, topics } from '../api/topics';
import type { EventOf, TopicName } from '../api/topics';
import { problem, toProblem } from './problem';

/** At most twenty messages a second to one subscriber. */
const BATCH_MS = 50;
/** Events of one message. A source that has more waits for the next: what lies in a file is read no faster. */
const MAX_BATCH = 4_000;

type Parsed<N extends TopicName> = z.output<(typeof topics)[N]['parameters']>;

/** Where a topic's events come from; ends when the signal aborts. */
export type TopicSource<N extends TopicName> = (
  parameters: Parsed<N>,
  signal: AbortSignal,
) => AsyncIterable<EventOf<N>>;

export type TopicSources = { readonly [N in TopicName]: TopicSource<N> };

type AnySource = (parameters: unknown, signal: AbortSignal) => AsyncIterable<unknown>;

export class TopicHub {
  constructor(private readonly sources: TopicSources) {}

  /** Starts the stream; what can't be started ends it with its problem. */
  subscribe(
    topic: string,
    parameters: unknown,
    onEvents: (events: readonly unknown[], dropped: number) => void,
  ): Subscription {
    const abort = new AbortController();
    const batch = new Batch(onEvents);
    const pump = async () => {
      if (!isTopicName(topic)) {
        throw problem('UNKNOWN_OPERATION', { title: `There is no topic ${JSON.stringify(topic)}.` });
      }
      const parsed = topics[topic].parameters.safeParse(parameters);
      if (!parsed.success) {
        throw problem('BAD_REQUEST', {
          title: `The parameters of ${topic} are not of its form.`,
          detail: z.prettifyError(parsed.error),
        });
      }
      const source = this.sources[topic] as AnySource;
      for await (const event of source(parsed.data, abort.signal)) {
        batch.add(event);
        if (batch.isFull) await batch.flushed();
      }
    };
    const ended = pump()
      .then(
        () => undefined,
        (error: unknown) => (abort.signal.aborted ? undefined : toProblem(error)),
      )
      .finally(() => batch.flush());
    return { ended, close: () => abort.abort() };
  }
}

class Batch {
  #pending: unknown[] = [];
  #timer: NodeJS.Timeout | undefined;
  #onFlushed: (() => void) | undefined;

  constructor(private readonly onEvents: (events: readonly unknown[], dropped: number) => void) {}

  get isFull(): boolean {
    return this.#pending.length >= MAX_BATCH;
  }

  add(event: unknown): void {
    this.#pending.push(event);
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Resolves when what waits has been sent. */
  flushed(): Promise<void> {
    return new Promise((resolve) => (this.#onFlushed = resolve));
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length > 0) {
      const events = this.#pending;
      this.#pending = [];
      this.onEvents(events, 0);
    }
    this.#onFlushed?.();
    this.#onFlushed = undefined;
  }
}
