import { useSyncExternalStore } from 'react';
import type { EventOf, ParametersOf, TopicName } from '../../electron/api/topics';
import type { ObservedClient } from './connection';
import { useClient } from './context';
import { LiveValue } from './live-value';
import type { LiveSnapshot } from './live-value';

export interface Live<V> extends LiveSnapshot<V> {
  /** What `data` was known to be true at, milliseconds of the wall clock; 0: nothing is known yet. */
  readonly dataUpdatedAt: number;
  readonly isPending: boolean;
  /** Opens the stream anew; connects at once where the connection is lost. */
  readonly refetch: () => void;
}

/**
 * A topic whose events tell a state, followed once for all components that look at it. The result has the form of an
 * operation's answer, so that `Resource` shows both alike. Define it once, outside of components.
 *
 * @param fold the state after an event
 */
export function defineLive<N extends TopicName, V>(
  topic: N,
  parameters: ParametersOf<N>,
  fold: (before: V | undefined, event: EventOf<N>) => V,
): () => Live<V> {
  const values = new WeakMap<ObservedClient, LiveValue<N, V>>();
  const valueOf = (client: ObservedClient) => {
    const known = values.get(client);
    if (known) return known;
    const value = new LiveValue(client, topic, parameters, fold);
    values.set(client, value);
    return value;
  };
  return function useLive() {
    const client = useClient();
    const value = valueOf(client);
    const snapshot = useSyncExternalStore(value.subscribe, value.snapshot);
    return {
      ...snapshot,
      dataUpdatedAt: snapshot.isLive ? Math.max(snapshot.receivedAt, client.lastHeard) : snapshot.receivedAt,
      isPending: snapshot.data === undefined,
      refetch: value.refetch,
    };
  };
}
