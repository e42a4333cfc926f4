import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Problem } from '../../electron/api/problems';
import type { EventOf, ParametersOf, TopicName } from '../../electron/api/topics';
import { useClient } from './context';
import { useConnection } from './use-connection';

/** At most four renders a second, however fast a stream is. */
const RENDER_MS = 250;

export interface TopicState<E> {
  /** The newest events, at most `keep`, oldest first. */
  readonly events: readonly E[];
  /** Events that were lost because this side was too slow. */
  readonly dropped: number;
  /** `open` until the stream ends by itself (`ended`) or breaks (`lost`, with its problem). */
  readonly state: 'closed' | 'open' | 'ended' | 'lost';
  readonly problem: Problem | undefined;
  /** When `events` last held, milliseconds of the wall clock: while the stream is lost, they are of then. */
  readonly knownAt: number;
  /**
   * Subscribes again; the core sends the present state first. What is shown stays until then. A lost connection is
   * tried at once, and with it comes the stream.
   */
  readonly restart: () => void;
}

/**
 * Follows a stream while the component is mounted. `parameters` null: not (yet). A change of parameters closes the old
 * stream, forgets its events and opens a new one.
 */
export function useTopic<N extends TopicName>(
  topic: N,
  parameters: ParametersOf<N> | null,
  { keep = 1 }: { keep?: number } = {},
): TopicState<EventOf<N>> {
  const client = useClient();
  const [attempt, setAttempt] = useState(0);
  const key = parameters === null ? null : JSON.stringify(parameters);
  const [shown, setShown] = useState<Shown<EventOf<N>>>(() => nothing(key));
  const buffer = useRef<{ events: EventOf<N>[]; dropped: number }>({ events: [], dropped: 0 });
  const present = useEffectEvent(() => parameters);

  useEffect(() => {
    const wanted = present();
    if (key === null || wanted === null) return;
    buffer.current = { events: [], dropped: 0 };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let open = true;
    const show = (change: Partial<Shown<EventOf<N>>> = {}) => {
      clearTimeout(timer);
      timer = undefined;
      const { events, dropped } = buffer.current;
      setShown((before) => ({ ...before, key, events: [...events], dropped, ...change }));
    };
    const subscription = client.subscribe(
      topic,
      wanted,
      (events, dropped) => {
        if (!open) return;
        const held = buffer.current;
        held.events = [...held.events, ...events].slice(-keep);
        held.dropped += dropped;
        timer ??= setTimeout(show, RENDER_MS);
      },
      {
        onRestart: () => {
          buffer.current = { events: [], dropped: 0 };
        },
      },
    );
    void subscription.ended.then((problem) => {
      if (open) show({ state: problem ? 'lost' : 'ended', problem, endedAt: Date.now() });
    });
    return () => {
      open = false;
      clearTimeout(timer);
      subscription.close();
    };
  }, [client, topic, key, keep, attempt]);

  const connection = useConnection();
  const restart = useCallback(() => {
    if (client.state.kind === 'lost') {
      client.retryNow();
      return;
    }
    setShown((before) => ({ ...before, state: 'open', problem: undefined, endedAt: undefined }));
    setAttempt((before) => before + 1);
  }, [client]);
  const { endedAt, ...current } = shown.key === key ? shown : nothing<EventOf<N>>(key);
  const interrupted = current.state === 'open' && connection.kind === 'lost';
  return {
    ...current,
    ...(interrupted && { state: 'lost', problem: connection.problem }),
    knownAt: endedAt ?? client.lastHeard,
    restart,
  };
}

interface Shown<E> {
  readonly key: string | null;
  readonly events: readonly E[];
  readonly dropped: number;
  readonly state: TopicState<E>['state'];
  readonly problem: Problem | undefined;
  readonly endedAt: number | undefined;
}

const nothing = <E>(key: string | null): Shown<E> => ({
  key,
  events: [],
  dropped: 0,
  state: key === null ? 'closed' : 'open',
  problem: undefined,
  endedAt: undefined,
});
