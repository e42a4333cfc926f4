import { z } from 'zod';
import type { Subscription } from '../api/client';
import { isTopicName, topics } from '../api/topics';
import type { EventOf, TopicName } from '../api/topics';
import { problem, toProblem } from './problem';

/** At most twenty messages a second to one subscriber. */
const BATCH_MS = 50;
/** A subscriber that cannot keep up loses the oldest events and is told how many. */
const MAX_PENDING = 50_000;

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
      for await (const event of source(parsed.data, abort.signal)) batch.add(event);
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
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly onEvents: (events: readonly unknown[], dropped: number) => void) {}

  add(event: unknown): void {
    this.#pending.push(event);
    if (this.#pending.length > MAX_PENDING) {
      this.#pending.shift();
      this.#dropped += 1;
    }
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0 && this.#dropped === 0) return;
    const events = this.#pending;
    const dropped = this.#dropped;
    this.#pending = [];
    this.#dropped = 0;
    this.onEvents(events, dropped);
  }
}
