import { replaceEqualDeep } from '@tanstack/react-query';
import type { Subscription } from '../../electron/api/client';
import type { Problem } from '../../electron/api/problems';
import type { EventOf, ParametersOf, TopicName } from '../../electron/api/topics';
import { Backoff } from './backoff';
import type { ObservedClient } from './connection';

/** At most four renders a second, however fast a stream is. */
const RENDER_MS = 250;

export interface LiveSnapshot<V> {
  readonly data: V | undefined;
  /** The last moment at which `data` is known to have been true, milliseconds of the wall clock; 0: none yet. */
  readonly receivedAt: number;
  /** The stream has spoken and goes on: as long as the core is heard, silence says that `data` still holds. */
  readonly isLive: boolean;
  /** Why nothing newer comes now. */
  readonly error: { readonly problem: Problem } | null;
  /** The stream is (being) opened and has not said anything yet. */
  readonly isFetching: boolean;
}

/**
 * What one topic has told, for all who look at it: one subscription from the first of them to the last. It survives
 * what ends a stream – a lost connection, a core that went – and keeps showing what it knew meanwhile. Parts of a
 * value that did not change keep their identity.
 */
export class LiveValue<N extends TopicName, V> {
  #snapshot: LiveSnapshot<V> = {
    data: undefined,
    receivedAt: 0,
    isLive: false,
    error: null,
    isFetching: true,
  };
  readonly #listeners = new Set<() => void>();
  #subscription: Subscription | undefined;
  #stopObserving: () => void = () => undefined;
  #value: V | undefined;
  #show: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(
    private readonly client: ObservedClient,
    private readonly topic: N,
    private readonly parameters: ParametersOf<N>,
    private readonly fold: (before: V | undefined, event: EventOf<N>) => V,
    private readonly backoff = new Backoff(),
  ) {}

  readonly snapshot = (): LiveSnapshot<V> => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  };

  /** Opens the stream anew, which begins with the present state. */
  readonly refetch = (): void => {
    if (this.#listeners.size === 0) return;
    if (this.client.state.kind === 'lost') this.client.retryNow();
    this.#open();
  };

  #begin(): void {
    this.#stopObserving = this.client.onStateChange(() => this.#connectionChanged());
    this.#open();
  }

  #end(): void {
    this.#stopObserving();
    clearTimeout(this.#show);
    this.#show = undefined;
    this.#close();
  }

  #close(): void {
    clearTimeout(this.#retry);
    const subscription = this.#subscription;
    this.#subscription = undefined;
    subscription?.close();
    this.#age();
  }

  #open(): void {
    this.#close();
    const subscription = this.client.subscribe(this.topic, this.parameters, (events) => {
      if (this.#subscription === subscription) this.#heard(events);
    });
    this.#subscription = subscription;
    this.#change({ isFetching: true });
    void subscription.ended.then((problem) => {
      if (this.#subscription !== subscription) return;
      this.#subscription = undefined;
      this.#age();
      this.#change({ isFetching: false, ...(problem && { error: { problem } }) });
      this.#retry = setTimeout(() => this.#open(), this.backoff.delayMs(this.#attempt));
      this.#attempt += 1;
    });
  }

  #heard(events: readonly EventOf<N>[]): void {
    this.#attempt = 0;
    for (const event of events) this.#value = this.fold(this.#value, event);
    const wait = this.#shownAt + RENDER_MS - Date.now();
    if (wait <= 0) this.#present();
    else this.#show ??= setTimeout(() => this.#present(), wait);
  }

  #present(): void {
    clearTimeout(this.#show);
    this.#show = undefined;
    this.#shownAt = Date.now();
    this.#value = replaceEqualDeep(this.#snapshot.data, this.#value);
    this.#change({ data: this.#value, receivedAt: Date.now(), isLive: true, error: null, isFetching: false });
  }

  /** While the connection is lost what is shown grows old; the stream itself goes on when it is back. */
  #connectionChanged(): void {
    const { state } = this.client;
    if (state.kind === 'lost' || state.kind === 'signed-out') {
      this.#age();
      this.#change({ error: { problem: state.problem }, isFetching: false });
    } else if (state.kind === 'connected') {
      const isOver = this.#snapshot.error?.problem.code === 'CONNECTION_LOST';
      this.#change({ isFetching: true, ...(isOver && { error: null }) });
      // A stream that had ended does not come back by itself; others are opened anew before this is done.
      if (!this.#subscription) {
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => this.#open());
      }
    }
  }

  /** From now on what is shown is of the past. */
  #age(): void {
    if (!this.#snapshot.isLive) return;
    const receivedAt = Math.max(this.#snapshot.receivedAt, this.client.lastHeard);
    this.#change({ isLive: false, receivedAt });
  }

  #change(change: Partial<LiveSnapshot<V>>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
